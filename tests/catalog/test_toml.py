from __future__ import annotations

import pytest

from harness.catalog.toml import KeyPath, key_lines, line_of

TEXT = '''\
title = "x"          # 1
text = """
fake = 1
[fake]
"""
[limits]             # 6
"wall seconds" = 2
[[levels]]           # 8
id = "a"
[levels.symbols]     # 10
classes = { A = ["b"] }
[[levels]]           # 12
id = "b"
hints = [
  "one",
]
levels.odd = 3
[levels.symbols]     # 18
functions = []
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("limits",), 6),
        (("limits", "wall seconds"), 7),
        (("levels", 0), 8),
        (("levels", 0, "symbols", "classes"), 11),
        (("levels", 1, "id"), 13),
        (("levels", 1, "levels", "odd"), 17),
        (("levels", 1, "symbols", "functions"), 19),
    ],
)
def test_each_key_has_its_line(path: KeyPath, line: int) -> None:
    assert key_lines(TEXT)[path] == line


def test_nothing_inside_a_long_text_is_a_key() -> None:
    assert ("fake",) not in key_lines(TEXT)


def test_a_key_without_a_line_has_that_of_the_table_around_it() -> None:
    lines = key_lines(TEXT)
    assert line_of(("levels", 0, "symbols", "classes", "A", 0), lines) == 11
    assert line_of(("levels", 1, "missing"), lines) == 12
    assert line_of(("missing",), lines) is None
