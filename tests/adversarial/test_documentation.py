"""The tables of attacks are generated from the files.

`HARNESS_REGENERATE_DOCS=1 pytest tests/adversarial` writes them.

A row says "stopped" because test_attacks.py tries it on that ground; what a ground is exempt from
is not tried there, and the row says so.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
BEGIN = "<!-- Generated from here; see tests/adversarial/test_documentation.py -->\n"
END = "<!-- to here -->\n"


def by_group(attacks):
    return [(group, list(each)) for group, each in groupby(attacks, lambda attack: attack.group)]


def row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def head(cells: Sequence[str]) -> str:
    return row(cells) + row(["---"] * len(cells))


def all_attacks(attacks, grounds) -> str:
    parts = []
    for group, each in by_group(attacks):
        parts.append(f"\n## {group}\n\n")
        parts.append(head(["attack", "what it tries", "safe outcome", "verdict", *names(grounds)]))
        for attack in each:
            results = [
                "**no**" if ground.name in attack.exempt else "stopped" for ground in grounds
            ]
            told = [attack.name.replace("_", " "), attack.what, attack.safe]
            parts.append(row([*told, " ".join(attack.verdicts), *results]))
    return "".join(parts) + "\n"


def summary(attacks, grounds) -> str:
    parts = ["\n", head(["group", "attacks", *names(grounds)])]
    for group, each in [*by_group(attacks), ("all", attacks)]:
        stopped = [sum(ground.name not in a.exempt for a in each) for ground in grounds]
        parts.append(row([group, str(len(each)), *map(str, stopped)]))
    return "".join(parts) + "\n"


def names(grounds) -> list[str]:
    return [ground.name for ground in grounds]


@pytest.mark.parametrize(("page", "make"), [("attacks", all_attacks), ("security", summary)])
def test_the_page_tells_what_the_files_tell(attacks, grounds, page, make):
    path = DOCS / f"{page}.md"
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    written, end, after = rest.partition(END)
    assert begin
    assert end
    wanted = make(attacks, grounds)
    if os.environ.get("HARNESS_REGENERATE_DOCS"):
        path.write_text(f"{before}{BEGIN}{wanted}{END}{after}", encoding="utf-8")
        return
    assert written == wanted, "regenerate: HARNESS_REGENERATE_DOCS=1 pytest tests/adversarial"
