"""Statements as texts: whole Markdown that can be copied, with examples that are true."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.authoring.findings import at_file, line_at
from harness.authoring.subject import Subject
from harness.authoring.suites import suites_of
from harness.authoring.texts import PieceKind, pieces_of
from harness.model.finding import Finding, Severity

MOST_WORDS = 1000
LIMIT_SECONDS = 30
"""The examples of one statement may take so long."""

_NO_PYTHON = re.compile("[\u201c\u201d\u201e\u2018\u2019\u201a\u2212\u00a0]")
"""Typographic quotes, the minus sign and the no-break space."""
_WORD = re.compile(r"[^\W_][\w'’.,/-]*")


def wording(subject: Subject) -> Iterator[Finding]:
    """Statements and editorial are whole Markdown; no letter only looks like another."""
    problem = subject.problem
    for level in subject.levels:
        path = problem.statement_path(level)
        text = problem.statement(level)
        yield from _markdown(path, text, level)
        yield from _look_alikes(path, text, level)
        yield from _length(path, text, level)
    yield from _markdown(problem.editorial_path, problem.editorial, None)
    for source in suites_of(problem):
        yield from _look_alikes(source.path, source.text, source.level)
    for name, content in subject.skeleton.files.items():
        yield from _look_alikes(problem.template / name, content.decode(errors="replace"), None)


def _markdown(path: Path, text: str, level: int | None) -> Iterator[Finding]:
    for line, message, fix in dict.fromkeys(_broken(text)):
        yield at_file(
            path,
            message,
            "The candidate reads it as a terminal or a browser shows it: broken.",
            fix,
            line=line,
            level=level,
        )


def _broken(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield what is broken in Markdown: line, what it is, and what to do."""
    if not re.match(r"\s*# \S", text):
        fix = 'write "# Level 1: Its title" or the like'
        yield 1, "The text does not begin with a heading.", fix
    lines = text.split("\n")
    pieces = list(pieces_of(text))
    anchors = {
        "#" + re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for _, kind, heading in pieces
        if kind is PieceKind.HEADING
    }
    for line, kind, piece in pieces:
        if kind is PieceKind.OPEN_CODE:
            yield line - 1, "This code block is not closed.", "end it as it begins: ``` or ~~~"
        elif kind is PieceKind.TARGET:
            # Statements are shown without the folder they lie in: no file can be reached.
            if piece not in anchors and not piece.startswith(("https://", "http://", "mailto:")):
                yield line, f"The link to '{piece}' leads nowhere.", "say it in the text"
        elif kind is PieceKind.PROSE:
            if "`" in piece:
                fix = "close the code, or take it out"
                yield line, "A backtick without its partner.", fix
            if "**" in piece:
                yield line, "A ** without its partner.", "close it, or take it out"
            if re.match(r"#+[^#\s]", lines[line - 1].strip()):
                yield line, "This heading has no space after its #.", "write one"
            for link in re.finditer(r"\[[^\]]+\]\[([^\]]+)\]", piece):
                yield line, f"There is no [{link[1]}]: …", "add it, or take it out"


def _look_alikes(path: Path, text: str, level: int | None) -> Iterator[Finding]:
    """Yield characters that look like others: quotes in code, letters of another alphabet."""
    found = []
    if path.suffix == ".md":
        for start, kind, piece in pieces_of(text):
            quote = _NO_PYTHON.search(piece) if kind is PieceKind.CODE else None
            if quote is not None:
                line = start + line_at(piece, quote.start()) - 1
                found.append((line, f"The code has {_name(quote[0])}, which is not Python."))
    for word in re.finditer(r"\w*[A-Za-z]\w*", text):
        other = next((letter for letter in word[0] if _is_foreign(letter)), None)
        if other is not None:
            message = f"'{word[0]}' has {_name(other)} among Latin letters."
            found.append((line_at(text, word.start()), message))
    for line, message in found:
        yield at_file(
            path,
            message,
            "What looks the same is not the same: copied code fails, and so do comparisons.",
            "write the ASCII character",
            line=line,
            level=level,
        )


def _is_foreign(letter: str) -> bool:
    # Greek letters are used in names such as Δt; but for this one they look like themselves.
    name = unicodedata.name(letter, "")
    return name.startswith(("CYRILLIC ", "FULLWIDTH LATIN ")) or name.endswith("LETTER OMICRON")


def _name(character: str) -> str:
    return f"{character} (U+{ord(character):04X}, {unicodedata.name(character, 'unnamed')})"


def _length(path: Path, text: str, level: int) -> Iterator[Finding]:
    words = 0
    for _, kind, piece in pieces_of(text):
        if kind is PieceKind.PROSE:
            words += len(_WORD.findall(piece))
        elif kind is PieceKind.CODE and not piece.endswith("\n"):
            words += 1  # code within a sentence; a block of it ends its last line
    if words > MOST_WORDS:
        yield at_file(
            path,
            f"The statement has {words:,} words, more than {MOST_WORDS:,}.",
            "Candidates read under time pressure, often in a second language.",
            "say less, or leave a part to another level",
            line=1,
            level=level,
            severity=Severity.WARNING,
        )


def examples(subject: Subject) -> Iterator[Finding]:
    """Each statement has an example, and its level's reference answers it to the letter."""
    for level in subject.levels:
        path = subject.problem.statement_path(level)
        answer = _run_examples(subject, level)
        if isinstance(answer, str):
            yield at_file(
                path,
                f"The examples of level {level} cannot be run: {answer}",
                "Examples that are never run soon become wrong.",
                f"fix the statement, or the reference in reference/level{level}/",
                level=level,
            )
            continue
        if not answer["examples"]:
            yield at_file(
                path,
                f"The statement of level {level} has no example.",
                "A short session explains more than a page of rules.",
                "write one as a Python session: >>> and the answers",
                level=level,
            )
        for line, source, *texts in answer["wrong"]:
            wanted, got = (repr(text.strip()) if text.strip() else "nothing" for text in texts)
            yield at_file(
                path,
                f"The example {source.strip()!r} answers {got}, not {wanted}.",
                "Candidates believe examples first.",
                f"fix the example, or the reference in reference/level{level}/",
                line=line,
                level=level,
            )


def _run_examples(subject: Subject, level: int) -> dict[str, Any] | str:
    """Run the examples of a level; return the runner's answer, or why there is none."""
    request = {
        "folder": str(subject.problem.reference_dir(level).absolute()),
        "module": subject.problem.manifest.module,
        "text": subject.problem.statement(level),
    }
    try:
        run = subprocess.run(
            [sys.executable, "-I", "-B", str(Path(__file__).with_name("example_runner.py"))],
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
