"""Find the problems an author means: by name, by path, or by the pack around the folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.catalog import Catalog, Pack, load_problem_at
from harness.catalog.content import MANIFEST_NAME
from harness.cli.invocation import Invocation, here
from harness.errors import RequestError
from harness.model.problem import Problem


def find_problem(invocation: Invocation, named: str | None, command: str) -> Problem:
    """Return the problem of this name, in the folder of this path, or the only one of a pack.

    Without a name, search the pack around the current folder. ``command`` is what a hint starts
    with, such as ``harness author run``.
    Raises RequestError when there is none or not only one, PackError when it is broken.
    """
    pack = pack_around(here()) if named is None else _pack_at(named)
    if pack is not None:
        return _only_problem(pack, command)
    if named is None:
        raise RequestError(
            "Which problem? The current folder is not in a pack.", f"{command} SLUG  (or its path)"
        )
    return _problem(invocation, named)


def find_problems(invocation: Invocation, named: Sequence[str]) -> list[Problem]:
    """Return the problems of these names and paths; the path of a pack means all of its problems.

    Without a name those of the pack around the current folder are meant, and outside of any pack
    all that `harness list` shows. Sealed ones among these are left out: only their author can
    change them.
    Raises RequestError when there is none, PackError when one is broken.
    """
    if named:
        return [problem for each in named for problem in _problems(invocation, each)]
    pack = pack_around(here())
    if pack is not None:
        found = _all_of(pack)
    else:
        catalog = invocation.session.catalog
        found = [catalog.problem(slug) for slug in catalog.slugs()]
    # If all are sealed, the caller reports why they are refused.
    return [problem for problem in found if not problem.sealed] or found


def level_of(problem: Problem, level: int | None, command: str) -> int:
    """Return ``level``, or the last one for None.

    Raises RequestError when the problem does not have it; ``command`` is what was typed, without
    the level.
    """
    last = problem.level_count
    if level is not None and not 1 <= level <= last:
        text = f"{problem.slug} has no level {level}. Its levels are 1 to {last}."
        raise RequestError(text, f"{command} --level {last}")
    return last if level is None else level


def pack_around(folder: Path) -> Pack | None:
    """Return the pack that ``folder`` is, or is in; None when there is none."""
    for each in (folder, *folder.parents):
        if (each / "problems").is_dir() and (each / "solutions_template").is_dir():
            return Pack(each.name, each)
    return None


def _problems(invocation: Invocation, named: str) -> list[Problem]:
    pack = _pack_at(named)
    return [_problem(invocation, named)] if pack is None else _all_of(pack)


def _problem(invocation: Invocation, named: str) -> Problem:
    """Return the problem of this name or path. The pack around wins: its author is at work."""
    if _is_path(named):
        return load_problem_at(Path(named))
    known = invocation.session.catalog
    pack = pack_around(here())
    if pack is not None:
        own = Catalog([pack])
        known = own if own.knows(named) else Catalog([pack, *known.packs])
    try:
        return known.problem(named)
    except RequestError as error:
        hint = "harness list  (or give the path of the problem's folder)"
        raise RequestError(error.message, hint) from None


def _is_path(named: str) -> bool:
    return "/" in named or named in (".", "..") or (Path(named) / MANIFEST_NAME).is_file()


def _pack_at(named: str) -> Pack | None:
    """Return the pack whose folder this is; None when it is a name, or another folder."""
    folder = Path(named).absolute()
    if (folder / MANIFEST_NAME).is_file() or not (folder / "problems").is_dir():
        return None
    return Pack(folder.name, folder)


def _all_of(pack: Pack) -> list[Problem]:
    return [load_problem_at(pack.problem_dir(slug)) for slug in _slugs(pack)]


def _only_problem(pack: Pack, command: str) -> Problem:
    first, *others = _slugs(pack)
    if others:
        raise RequestError(
            f"Which problem? {pack.path} has {', '.join([first, *others])}.",
            f"{command} {pack.problem_dir(first)}",
        )
    return load_problem_at(pack.problem_dir(first))


def _slugs(pack: Pack) -> list[str]:
    """Return the names of a pack's problems, at least one."""
    slugs = pack.slugs()
    if not slugs:
        raise RequestError(
            f"There is no problem in {pack.path / 'problems'}.",
            f"harness author new SLUG --dir {pack.path}",
        )
    return slugs
