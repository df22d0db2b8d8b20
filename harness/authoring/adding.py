"""Adds a known mistake to ``mistakes.toml``: an edited copy of a reference becomes a row."""

from __future__ import annotations

from dataclasses import replace

from harness.authoring.files import write_whole
from harness.authoring.findings import some_of
from harness.authoring.mistakes import (
    MISTAKES_NAME,
    NAME_OF_MISTAKE,
    Edit,
    EditError,
    edits_between,
    has_old_format,
    mistake_row,
)
from harness.authoring.subject import Subject
from harness.authoring.trials import failures, import_error, try_edits
from harness.errors import RequestError
from harness.model.problem import Snapshot
from harness.words import nearest, quoted


def require_new_name(subject: Subject, name: str) -> None:
    """Raise RequestError when a mistake cannot have this name, or no row can be added."""
    root = subject.problem.root
    if has_old_format(root):
        raise RequestError(
            f"{subject.problem.slug} keeps its mistakes in the files of harness 0.1.",
            f"harness author upgrade {quoted(root)}",
        )
    if subject.mistakes_file.errors:
        raise RequestError(
            f"{root / MISTAKES_NAME} has rows that cannot be used.",
            f"harness author check {quoted(root)} --only mistakes",
        )
    if not NAME_OF_MISTAKE.fullmatch(name):
        raise RequestError(
            f"'{name}' cannot name a mistake: use letters, digits, '_' and '-'.",
            f"harness author mistake {quoted(root)} takes_the_wrong_end",
        )
    taken = [edit.name for edit in subject.mistakes]
    if name in taken:
        raise RequestError(
            f"There is a mistake {name} in {root / MISTAKES_NAME} already.",
            f"harness author mistake {quoted(root)} {name}_2",
        )


def add_mistake(
    subject: Subject, name: str, level: int, why: str, solution: Snapshot, case: str = ""
) -> tuple[Edit, list[str]]:
    """Find the edits that make ``solution`` of its reference, judge it, and append its row.

    ``case``: the hidden case that was written for it; by default the only one that fails it.
    Return its edit, and the hidden cases of its level that fail it. Raises RequestError when it is
    the reference, is not Python, or fails the wrong cases.
    """
    root = subject.problem.root
    check = f"harness author check {quoted(root)} --only known-wrong"
    try:
        replacements = edits_between(subject.references[level], solution)
        edit = Edit(level=level, name=name, why=why, case=case, replacements=replacements)
        edit.apply(subject.references[level])
    except EditError as error:
        raise RequestError(f"The mistake {name} {error}.", check) from None
    (trial,) = try_edits(subject, [edit])
    failing = trial.failing
    crash = import_error(trial.own)
    if crash is not None:
        raise RequestError(f"It cannot be imported: {crash.message}.", check)
    if not failing:
        raise RequestError(
            f"The hidden suite of level {level} accepts it, so no case catches this mistake yet.",
            f"write a case into {subject.problem.root / f'level{level}' / 'test_hidden.py'} first",
        )
    if case and case not in failing:
        meant = nearest(case, failing)
        raise RequestError(
            f"{case} passes. The cases that fail are: {', '.join(failing)}."
            + (f" Did you mean {meant}?" if meant else ""),
            check,
        )
    if level > 1:
        lower = subject.judge(subject.request(solution, range(1, level)))
        if failures(lower):
            cases = some_of([outcome.case for outcome in failures(lower)])
            raise RequestError(
                f"It fails {cases}, below level {level}: a mistake passes every lower level.",
                f"harness author mistake {quoted(root)} {name} --level {failures(lower)[0].level}",
            )
    if not case and len(failing) == 1:
        edit = replace(edit, case=failing[0])
    path = root / MISTAKES_NAME
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    row = mistake_row(edit, subject.problem.manifest.module)
    write_whole(path, f"{before.rstrip()}\n\n{row}".lstrip())
    return edit, failing
