"""``harness author new``: writes a small complete problem, to be replaced part by part.

It lies in ``example/`` with its six levels. A line ``#: level 2`` in a file there says that what
follows is there from level 2 on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from keyword import iskeyword
from pathlib import Path

from harness.errors import RequestError
from harness.model.manifest import PATTERNS, SLUG

_EXAMPLE = Path(__file__).parent / "example"
_FROM_LEVEL = re.compile(r"#: level (\d)\n")


def scaffold(slug: str, levels: int, pack: Path) -> list[Path]:
    """Write a problem with ``levels`` levels into the folder ``pack``; return the files.

    Raises RequestError when the name cannot be used, when something lies there already, and when
    the system refuses; then no file is left behind.
    """
    if not re.fullmatch(SLUG, slug):
        near = re.sub(r"[^a-z0-9]+", "_", slug.casefold()).strip("_0123456789")[:40]
        raise RequestError(
            f"'{slug}' cannot be the name of a problem: use {PATTERNS[SLUG]}.",
            f"harness author new {near if re.fullmatch(SLUG, near) else 'my_problem'}",
        )
    problem, template = pack / "problems" / slug, pack / "solutions_template" / slug
    for folder in (problem, template):
        if folder.exists():
            raise RequestError(
                f"{folder} is there already.", "choose another name, or another pack by --dir PACK"
            )
    example = {
        path.relative_to(_EXAMPLE).as_posix().removesuffix(".txt"): path.read_text(encoding="utf-8")
        for path in _EXAMPLE.rglob("*.*")
    }
    skeleton, reference = example.pop("skeleton.py"), example.pop("reference/solution.py")
    files = {template / "solution.py": skeleton}
    for number in range(1, levels + 1):
        own = _first_levels(reference, number)
        files[problem / f"reference/level{number}/solution.py"] = own
    for name, text in example.items():
        level = re.match(r"level(\d)/", name)
        if level is None or int(level[1]) <= levels:
            files[problem / name] = _first_levels(text, levels)
    class_name = "".join(word.capitalize() for word in slug.split("_"))
    return _write(
        files,
        {
            "Ledger": f"{class_name}Ledger" if iskeyword(class_name) else class_name,
            "SLUG": slug,
            "TITLE": slug.replace("_", " ").capitalize(),
            "MINUTES": str(15 * levels - 5),
        },
    )


def _first_levels(text: str, levels: int) -> str:
    """Return the lines of a text that the first ``levels`` levels have."""
    kept = ""
    level = 1
    for line in text.splitlines(keepends=True):
        if mark := _FROM_LEVEL.fullmatch(line):
            level = int(mark[1])
        elif level <= levels:
            kept += line
    return kept


def _write(files: Mapping[Path, str], words: Mapping[str, str]) -> list[Path]:
    """Write all files or none, with ``words`` in place of those of the example."""
    written: list[Path] = []
    try:
        for path, text in sorted(files.items()):
            for word, own in words.items():
                text = text.replace(word, own)
            path.parent.mkdir(parents=True, exist_ok=True)
            written.append(path)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        for path in written:
            with suppress(OSError):
                path.unlink()
        where = error.filename or written[-1]
        raise RequestError(
            f"Cannot write {where}: {error.strerror}.", "choose another folder by --dir PACK"
        ) from None
    return written
