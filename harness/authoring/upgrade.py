"""Turns ``wrong/`` and ``waivers.toml`` of harness 0.1 into ``mistakes.toml``.

The new file is written first. Only when every known-wrong solution comes out of it byte for byte
are the old ones removed.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.authoring.files import files_below, solutions_in, write_whole
from harness.authoring.mistakes import (
    MISTAKES_NAME,
    OLD_NAMES,
    Edit,
    EditError,
    Kept,
    Mistakes,
    RowError,
    edits_between,
    has_old_format,
    mistake_row,
    read_mistakes,
)
from harness.authoring.mutants import mutants
from harness.catalog.toml import read_toml, toml_table
from harness.errors import PackError, RequestError
from harness.model.frozen import frozen
from harness.model.problem import Problem, Snapshot
from harness.words import quoted


@frozen(kw_only=True)
class _Wrong:
    """A row of ``wrong/wrong.toml``."""

    name: str
    level: int
    cases: tuple[str, ...]
    why: str


@frozen(kw_only=True)
class _Waived:
    """A row of ``waivers.toml``: changed lines of a reference, without indentation at the ends."""

    before: str
    after: str
    why: str


@frozen(kw_only=True)
class _Old:
    """What both files hold."""

    wrong: tuple[_Wrong, ...] = ()
    waived: tuple[_Waived, ...] = ()
    kept: tuple[Kept, ...] = ()


@frozen(kw_only=True)
class Upgrade:
    """What was written."""

    path: Path
    mistakes: int
    equivalents: int
    kept: int
    unmatched: int
    """Waivers that excuse no mutant of any reference; the new file has them as comments."""


def upgrade(problem: Problem) -> Upgrade:
    """Write ``mistakes.toml`` and remove what it replaces.

    Raises RequestError when there is nothing to do or a solution cannot be written as edits, and
    PackError when a file cannot be read or written. Then every old file is still there.
    """
    root = problem.root
    path = root / MISTAKES_NAME
    again = f"harness author upgrade {quoted(root)}"
    if not has_old_format(root):
        raise RequestError(
            f"{problem.slug} has no wrong/ and no waivers.toml to upgrade.",
            f"harness author check {quoted(root)}",
        )
    if path.exists():
        raise RequestError(
            f"{path} exists already. Move its rows away, or remove wrong/ and waivers.toml.", again
        )
    references = {level: problem.reference(level) for level in range(1, problem.level_count + 1)}
    found, unmatched = read_old_format(root, references)
    if found.errors:
        lines = "\n".join(f"  {error.message}" for error in found.errors)
        raise RequestError(f"{root} cannot be upgraded; nothing was changed.\n{lines}", again)
    module = problem.manifest.module
    tables = [
        _comments(root),
        *(mistake_row(edit, module) for edit in found.mistakes),
        *(mistake_row(edit, module, "equivalent") for edit in found.equivalents),
        *(
            toml_table("[[kept]]", {"level": row.level, "case": row.case, "why": row.why})
            for row in found.kept
        ),
        *(_as_comment(row) for row in unmatched),
    ]
    write_whole(path, "\n".join(filter(None, tables)))
    written = read_mistakes(root, module, problem.level_count)
    made = {edit.name: edit.apply(references[edit.level]) for edit in written.mistakes}
    same = (written.mistakes, written.equivalents) == (found.mistakes, found.equivalents)
    if written.errors or not same or made != solutions_in(root / "wrong"):
        path.unlink()
        text = "The edits do not give back every known-wrong solution; nothing was changed."
        raise PackError(text, again)
    for each in (root / name for name in OLD_NAMES if (root / name).exists()):
        shutil.rmtree(each) if each.is_dir() else each.unlink()
    return Upgrade(
        path=path,
        mistakes=len(found.mistakes),
        equivalents=len(found.equivalents),
        kept=len(found.kept),
        unmatched=len(unmatched),
    )


def read_old_format(
    root: Path, references: Mapping[int, Snapshot]
) -> tuple[Mistakes, list[_Waived]]:
    """Return what ``mistakes.toml`` would say, and the waivers that no mutant matches.

    Raises PackError when a file cannot be used.
    """
    wrong, waivers = (
        read_toml(path, _Old, f"ls -l {quoted(path)}") or _Old()
        for path in (root / "wrong" / "wrong.toml", root / "waivers.toml")
    )
    mistakes, errors = _mistakes(root, wrong.wrong, references)
    equivalents, unmatched = _equivalents(waivers.waived, references)
    found = Mistakes(
        mistakes=tuple(mistakes),
        equivalents=tuple(equivalents),
        kept=waivers.kept,
        errors=tuple(errors),
    )
    return found, unmatched


def _mistakes(
    root: Path, rows: Sequence[_Wrong], references: Mapping[int, Snapshot]
) -> tuple[list[Edit], list[RowError]]:
    solutions = solutions_in(root / "wrong")
    listed = {row.name for row in rows}
    known = {f"{name}/{file}" for name in solutions for file in solutions[name].files}
    refused = [
        f"wrong/{name} is not listed in wrong/wrong.toml: list it, or remove the folder."
        for name in sorted(solutions.keys() - listed)
    ]
    if (root / "wrong").is_dir():
        refused += [
            f"wrong/{name} is not part of a solution: move it elsewhere, or remove it."
            for name in sorted(files_below(root / "wrong").keys() - known - {"wrong.toml"})
        ]
    made = []
    for row in rows:
        try:
            if row.name not in solutions or row.level not in references:
                raise EditError("has no folder, or its level has no reference")
            edit = Edit(
                level=row.level,
                name=row.name,
                why=row.why,
                # Of several cases it is unknown which was written for this mistake.
                case=row.cases[0] if len(row.cases) == 1 else "",
                replacements=edits_between(references[row.level], solutions[row.name]),
            )
            if edit.apply(references[row.level]) != solutions[row.name]:
                raise EditError("cannot be written as edits of its reference")
            made.append(edit)
        except EditError as error:
            text = f"wrong/{row.name} {error}: correct it, or remove its row and folder."
            refused.append(text)
    return made, [RowError(text) for text in refused]


def _equivalents(
    waivers: Sequence[_Waived], references: Mapping[int, Snapshot]
) -> tuple[list[Edit], list[_Waived]]:
    """Return the mutants that are waived, and the waivers that no mutant matches."""
    made: list[Edit] = []
    found: set[int] = set()
    for level, reference in references.items():
        for mutant in mutants(reference, level):
            solution = mutant.apply(reference)
            number = _waiver_of(waivers, reference, solution)
            if number is None:
                continue
            found.add(number)
            if not any(_makes(edit, reference, solution) for edit in made):
                why = waivers[number].why
                made.append(Edit(level=level, why=why, replacements=mutant.replacements))
    return made, [row for number, row in enumerate(waivers) if number not in found]


def _waiver_of(waivers: Sequence[_Waived], reference: Snapshot, solution: Snapshot) -> int | None:
    """Return the number of the waiver that names the changed lines; None when none does."""
    (name,) = (n for n in reference.files if reference.files[n] != solution.files[n])
    old, new = (each.files[name].decode().splitlines() for each in (reference, solution))
    for number, row in enumerate(waivers):
        before, after = row.before.strip(), row.after.strip()
        size, other = len(before.splitlines()), len(after.splitlines())
        for start in range(len(old) - size + 1):
            if (
                "\n".join(old[start : start + size]).strip() == before
                and "\n".join(new[start : start + other]).strip() == after
                and old[:start] == new[:start]
                and old[start + size :] == new[start + other :]
            ):
                return number
    return None


def _makes(edit: Edit, reference: Snapshot, solution: Snapshot) -> bool:
    try:
        return edit.apply(reference) == solution
    except EditError:
        return False


def _comments(root: Path) -> str:
    """Return the lines of the old files that are comments."""
    texts = [root / "wrong" / "wrong.toml", root / "waivers.toml"]
    lines = [
        line
        for path in texts
        if path.exists()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("#")
    ]
    return "".join(f"{line}\n" for line in lines)


def _as_comment(row: _Waived) -> str:
    text = f"No mutant matches this waiver: {row.why}\n{row.before}\n→\n{row.after}"
    return "".join(f"# {line}\n" for line in text.splitlines())
