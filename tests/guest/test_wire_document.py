"""docs/wire.md lists what the code has, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path

from harness.guest import codec, server, traits
from harness.guest import values as standard

DOCUMENT = (Path(__file__).parents[2] / "docs" / "wire.md").read_text(encoding="utf-8")


def first_column(heading: str) -> list[tuple[str, str]]:
    """The code words in the first column of the table with that heading, and the next column."""
    table = DOCUMENT.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0]
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ([^|]*) \|", table, re.MULTILINE)
    return [(name, rest) for names, rest in rows for name in re.findall(r"\w+", names)]


def test_operations() -> None:
    listed = [name for name, _ in first_column("op")]
    assert sorted(listed) == sorted(
        [*server.OPERATIONS, "call", "get", "exit", "aexit", "start", "step", "cancel"]
    )


def test_tags() -> None:
    values = [None, 2**60, 0.5, b"", "\ud800", (), {}, set(), frozenset(), []]
    encoded = [codec.Encoder().encode(value) for value in values]
    plain = {tag for node in encoded if type(node) is dict for tag in node}
    listed = [tag for tag, _ in first_column("tag")]
    assert sorted(listed) == sorted([*plain, *standard.TYPES, *"hvDxeEcnko"])


def test_letters() -> None:
    assert {letter for letter, _ in first_column("letter")} == traits.TRAITS


def test_kinds() -> None:
    listed = {kind for kind, _ in first_column("kind")}
    assert listed == {"ready", "return", "raise", "method", "callback"}
    for kind, shape in first_column("kind"):
        assert f'"{kind}"' in shape
