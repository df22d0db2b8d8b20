"""The files that are made of all levels: manifest, editorial, ``fuzz.py`` and ``mistakes.toml``."""

from __future__ import annotations

import json
from collections.abc import Sequence

from harness.authoring.mistakes import mistake_row
from harness.authoring.scaffold.parts import Part

_MANIFEST = """\
format = 1
slug = "{slug}"
version = "1.0.0"
title = "{title}"
summary = "A small example to replace: amounts under names."
tags = ["example"]
authors = ["Your Name"]
license = "MIT"
minutes = {minutes}
module = "solution"

[limits]
wall_seconds = 2.0
cpu_seconds = 2
memory_mb = 256
output_kb = 256
"""
_LEVEL = """
[[levels]]
id = "{id}"
title = "{title}"
summary = "{summary}"
minutes = {minutes}
points = {points}
bonus = 50
hints = ["{hint}"]

[levels.symbols]
classes = {{ Ledger = {methods} }}
"""
_FUZZ = '''\
"""How {slug} is called when two solutions of it are compared, see `harness author fuzz`."""

from hypothesis.strategies import integers

from harness.authoring.fuzz import {names}

NAME = pool("ann", "bob", "Bob")
AMOUNT = integers(-3, 3)

fuzz = Fuzz(
    begin=[call("ledger = Ledger")],
    calls=[
{calls}    ],
)
'''
FIRST_MINUTES, MINUTES = 10, 15


def solution(name: str, parts: Sequence[Part]) -> str:
    """Return a solution: the class of level 1 with the methods of each later level."""
    return "\n".join(part.code[name] for part in parts)


def manifest(slug: str, title: str, parts: Sequence[Part]) -> str:
    """Return ``problem.toml``."""
    minutes = [FIRST_MINUTES, *(MINUTES for _ in parts[1:])]
    levels = [
        _LEVEL.format(
            id=part.level.id,
            title=part.level.title,
            summary=part.level.summary,
            minutes=minutes[number],
            points=100 + 50 * number,
            hint=part.level.hint,
            methods=json.dumps(part.level.methods),
        )
        for number, part in enumerate(parts)
    ]
    return _MANIFEST.format(slug=slug, title=title, minutes=sum(minutes)) + "".join(levels)


def editorial(title: str, parts: Sequence[Part]) -> str:
    """Return ``editorial.md``."""
    sections = [
        f"## Level {number}: {part.level.title}\n\n{part.level.editorial}\n"
        for number, part in enumerate(parts, start=1)
    ]
    return f"# {title}\n\n" + "\n".join(sections)


def fuzz(slug: str, parts: Sequence[Part]) -> str:
    """Return ``fuzz.py``."""
    calls = "".join(part.level.fuzz for part in parts)
    names = ["Fuzz", "call", "pool", *(["since"] if "since(" in calls else [])]
    return _FUZZ.format(slug=slug, calls=calls, names=", ".join(names))


def mistake_list(parts: Sequence[Part]) -> str:
    """Return ``mistakes.toml``."""
    return "\n".join(
        mistake_row(mistake.edit(solution("reference", parts[:number]), number), "solution")
        for number, part in enumerate(parts, start=1)
        for mistake in part.level.mistake
    )
