from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

MANIFEST = """\
format = 1
slug = "{slug}"
version = "1.0.0"
title = "A small queue"
summary = "A queue that grows."
tags = ["queue"]
authors = ["Somebody"]
license = "MIT"
minutes = 30

[limits]
wall_seconds = 2.0

[[levels]]
id = "basics"
title = "Put and take"
summary = "Put things in and take them out."
minutes = 10
points = 100
bonus = 50

[levels.symbols]
classes = {{ Queue = ["put", "take"] }}

[[levels]]
id = "peek"
title = "Look ahead"
summary = "See what comes next."
minutes = 20
points = 200
hints = ["Look, do not touch."]

[levels.symbols]
classes = {{ Queue = ["peek"] }}
exceptions = {{ Empty = "LookupError" }}
"""

WriteProblem = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """An empty pack."""
    folder = tmp_path / "pack"
    (folder / "problems").mkdir(parents=True)
    (folder / "solutions_template").mkdir()
    return folder


@pytest.fixture
def write_problem(pack: Path) -> WriteProblem:
    """A function that writes a whole problem of two levels into a pack and returns its folder."""

    def write(slug: str = "small_queue", into: Path = pack, manifest: str = MANIFEST) -> Path:
        root = into / "problems" / slug
        files = {
            "problem.toml": manifest.format(slug=slug) if manifest is MANIFEST else manifest,
            "editorial.md": "# Why\n\nBecause.\n",
            "alternates/other/solution.py": "class Queue: ...\n",
            "wrong/stack/solution.py": "class Queue: ...\n",
        }
        for level in (1, 2):
            files[f"level{level}/statement.md"] = f"# Level {level}\n\nWrite it: ü.\n"
            files[f"level{level}/test_visible.py"] = "def test_it():\n    assert True\n"
            files[f"level{level}/test_hidden.py"] = "def test_it_well():\n    assert True\n"
            files[f"reference/level{level}/solution.py"] = f"class Queue: level = {level}\n"
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        template = into / "solutions_template" / slug
        template.mkdir(parents=True)
        (template / "solution.py").write_text("class Queue: ...\n", encoding="utf-8")
        return root

    return write
