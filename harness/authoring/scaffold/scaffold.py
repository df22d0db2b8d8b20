"""Assembles the parts of the example to a problem with any number of levels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from keyword import iskeyword
from pathlib import Path

from harness.authoring.scaffold import shared_files
from harness.authoring.scaffold.parts import MAX_LEVELS, Part, read_parts
from harness.errors import RequestError

ALTERNATES = ("all_states", "amounts_by_name")
_SLUG = re.compile(r"[a-z][a-z0-9_]{1,39}")

__all__ = ["MAX_LEVELS", "scaffold"]


def scaffold(slug: str, levels: int, pack: Path) -> list[Path]:
    """Write a problem with ``levels`` levels into the folder ``pack``; return the files.

    Raises RequestError when the name cannot be used, when something lies there already, and when
    the system refuses; then no file is left behind.
    """
    if not _SLUG.fullmatch(slug):
        raise RequestError(
            f"'{slug}' cannot be the name of a problem: 2 to 40 lower-case letters, digits and "
            "underscores, a letter first.",
            f"harness author new {_near(slug)}",
        )
    problem, template = pack / "problems" / slug, pack / "solutions_template" / slug
    for folder in (problem, template):
        if folder.exists():
            raise RequestError(
                f"{folder} is there already.", "choose another name, or another pack by --dir PACK"
            )
    parts = read_parts(levels)
    files = {problem / name: text for name, text in _problem_files(slug, parts).items()}
    files[template / "solution.py"] = parts[0].code["skeleton"]
    return _write(files, _class_name(slug))


def _problem_files(slug: str, parts: Sequence[Part]) -> Mapping[str, str]:
    title = slug.replace("_", " ").capitalize()
    files = {
        "problem.toml": shared_files.manifest(slug, title, parts),
        "editorial.md": shared_files.editorial(title, parts),
        "fuzz.py": shared_files.fuzz(slug, parts),
        "mistakes.toml": shared_files.mistake_list(parts),
    }
    for name in ALTERNATES:
        files[f"alternates/{name}/solution.py"] = shared_files.solution(name, parts)
    for number, part in enumerate(parts, start=1):
        files[f"level{number}/statement.md"] = part.statement
        files[f"level{number}/test_visible.py"] = part.code["visible"]
        files[f"level{number}/test_hidden.py"] = part.code["hidden"]
        reference = shared_files.solution("reference", parts[:number])
        files[f"reference/level{number}/solution.py"] = reference
    return files


def _write(files: Mapping[Path, str], class_name: str) -> list[Path]:
    written: list[Path] = []
    try:
        for path, text in sorted(files.items()):
            path.parent.mkdir(parents=True, exist_ok=True)
            written.append(path)
            path.write_text(text.replace("Ledger", class_name), encoding="utf-8")
    except OSError as error:
        for path in written:
            with suppress(OSError):
                path.unlink()
        where = error.filename or written[-1]
        raise RequestError(
            f"Cannot write {where}: {error.strerror}.", "choose another folder by --dir PACK"
        ) from None
    return written


def _class_name(slug: str) -> str:
    """Return the name of the example's class: a problem ``bounded_queue`` has a BoundedQueue."""
    name = "".join(word.capitalize() for word in slug.split("_"))
    return f"{name}Ledger" if iskeyword(name) else name


def _near(slug: str) -> str:
    """Return the most similar name that can be used."""
    letters = re.sub(r"[^a-z0-9]+", "_", slug.casefold()).strip("_0123456789")
    return letters[:40] if _SLUG.fullmatch(letters[:40]) else "my_problem"
