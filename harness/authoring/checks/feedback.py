"""A failing candidate learns why, but sees no line of the suite or the reference."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from harness.authoring.mistakes import Edit
from harness.authoring.outcomes import failures, import_error, line_of_case
from harness.authoring.subject import Subject
from harness.authoring.suites import suites_of
from harness.authoring.trials import try_edits
from harness.model.finding import Check, Finding
from harness.model.judgement import CaseOutcome, Suite, Verdict

LEAST_CHARACTERS = 16
"""Shorter lines of source may stand anywhere by chance."""


def feedback(subject: Subject) -> Iterator[Finding]:
    """Full feedback on known mistakes explains the failure and leaks nothing."""
    secret = _secret_lines(subject)
    reported: set[tuple[str, str]] = set()
    for trial in try_edits(subject, subject.mistakes):
        if import_error(trial.own) is not None:
            continue  # the check known-wrong reports it, and it says nothing about the cases
        for outcome in failures(trial.own):
            for finding in _look(subject, trial.edit, outcome, secret):
                # Several mistakes fail the same case in the same way.
                if (outcome.case, finding.why) not in reported:
                    reported.add((outcome.case, finding.why))
                    yield finding


def _look(
    subject: Subject,
    row: Edit,
    outcome: CaseOutcome,
    secret: Mapping[str, str],
) -> Iterator[Finding]:
    for message, why, fix in _complaints(row, outcome, secret):
        yield Finding(
            message=message,
            why=why,
            fix=fix,
            path=subject.problem.suite_path(outcome.level, Suite.HIDDEN),
            line=line_of_case(subject, outcome, Suite.HIDDEN),
            level=outcome.level,
            detail="\n".join([*outcome.calls[-5:], outcome.message]),
        )


def _complaints(
    row: Edit, shown: CaseOutcome, secret: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with what one case shows: message, why, fix."""
    who = f"{shown.case}, failed by the mistake {row.name},"
    if shown.verdict is Verdict.JUDGE_ERROR:
        yield (
            f"{who} is an error of the judge: {shown.message}",
            "A wrong solution must fail, and not make the judge fail.",
            "have the case judge only plain answers of its own objects, and end its threads",
        )
        return
    if not shown.calls:
        yield (
            f"{who} shows no call.",
            "The candidate cannot see what was tried.",
            "have the case call the solution itself, and not at import or from a module's fixture",
        )
    if not _says_what_went_wrong(shown):
        yield (
            f"{who} shows neither what was expected and what came, nor an exception or a limit.",
            "The candidate sees that something is wrong, but not what.",
            "compare plain values, the answer first: assert store.get(1) == 2",
        )
    for line, origin in _leaks(shown, secret):
        yield (
            f"{who} shows a line of {origin}: {line}",
            f"The candidate must not see {origin}.",
            "compare plain values, or say in words what is wrong",
        )


def _says_what_went_wrong(shown: CaseOutcome) -> bool:
    if shown.verdict is Verdict.WRONG_ANSWER:
        return shown.expected is not None and shown.actual is not None
    return bool(shown.message)


def _leaks(shown: CaseOutcome, secret: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the secret lines that are shown, and where they stand."""
    texts = [shown.message, shown.expected or "", shown.actual or "", shown.output, *shown.calls]
    text = "\n".join(texts)
    for line, origin in secret.items():
        if line in text:
            yield line, origin


def _secret_lines(subject: Subject) -> dict[str, str]:
    """Return the secret lines of hidden suites and references → where they stand.

    Titles are shown anyway. So are lines that only call, such as ``store = KVStore()``: the record
    of calls has them.
    """
    secret: dict[str, str] = {}
    for source in suites_of(subject.problem):
        if source.suite is Suite.HIDDEN:
            for line in _lines_of_code(source.text, source.tree):
                secret.setdefault(line, f"the hidden suite of level {source.level}")
    for level, reference in subject.references.items():
        for name, content in reference.files.items():
            text = content.decode("utf-8-sig")
            for line in _lines_of_code(text, ast.parse(text, filename=name)):
                secret.setdefault(line, f"the reference of level {level}")
    return secret


def _lines_of_code(text: str, tree: ast.Module) -> Iterator[str]:
    called = {
        number
        for node in ast.walk(tree)
        if _only_calls(node)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.strip()
        if number not in called and len(plain) >= LEAST_CHARACTERS:
            yield plain


def _only_calls(node: ast.AST) -> TypeGuard[ast.stmt]:
    if isinstance(node, ast.Assign | ast.Return):
        return isinstance(node.value, ast.Call | ast.Constant)
    return isinstance(node, ast.Expr)


CHECKS = (
    Check(
        name="feedback",
        title="failures explain themselves and leak nothing",
        run=feedback,
        needs=("mistakes",),
    ),
)
