"""The examples in the statements are what the references do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from harness.authoring import example_runner
from harness.authoring.subject import Subject
from harness.model.finding import Check, Finding

LIMIT_SECONDS = 30
"""The examples of one statement may take so long."""


def examples(subject: Subject) -> Iterator[Finding]:
    """Each statement has an example, and its level's reference answers it to the letter."""
    for level in subject.levels:
        path = subject.problem.statement_path(level)
        answer = _run(subject, level)
        if isinstance(answer, str):
            yield Finding(
                message=f"The examples of level {level} cannot be run: {answer}",
                why="Examples that are never run soon become wrong.",
                fix=f"fix the statement, or the reference in reference/level{level}/",
                path=path,
                level=level,
            )
            continue
        if not answer["examples"]:
            yield Finding(
                message=f"The statement of level {level} has no example.",
                why="A short session explains more than a page of rules.",
                fix="write one as a Python session: >>> and the answers",
                path=path,
                level=level,
            )
        for line, source, wanted, got in answer["wrong"]:
            yield Finding(
                message=f"The example {source.strip()!r} answers {_or_nothing(got)}, "
                f"not {_or_nothing(wanted)}.",
                why="Candidates believe examples first.",
                fix=f"fix the example, or the reference in reference/level{level}/",
                path=path,
                line=line,
                level=level,
            )


def _run(subject: Subject, level: int) -> dict[str, Any] | str:
    """Run the examples of a level; return the runner's answer, or why there is none."""
    text = subject.problem.statement_path(level).read_text(encoding="utf-8-sig")
    request = {
        "folder": str(subject.problem.reference_dir(level).absolute()),
        "module": subject.problem.manifest.module,
        "text": text,
    }
    try:
        run = subprocess.run(
            [sys.executable, "-I", "-B", example_runner.__file__],
            input=json.dumps(request),
            capture_output=True,
            encoding="utf-8",
            timeout=LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"they take more than {LIMIT_SECONDS} seconds."
    if run.returncode:
        lines = run.stderr.strip().splitlines()
        return lines[-1] if lines else f"the interpreter ended with {run.returncode}."
    answer: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return answer


def _or_nothing(text: str) -> str:
    return repr(text.strip()) if text.strip() else "nothing"


CHECKS = (
    Check(
        name="examples",
        title="the references do what the examples show",
        run=examples,
        needs=("references",),
    ),
)
