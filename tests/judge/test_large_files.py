"""A file as large as a workspace may hand in reaches the box, whatever characters it is made of."""

from __future__ import annotations

import pytest

from harness.model.judgement import Verdict
from harness.workspace.ingest import LARGEST_FILE_BYTES

SUITE = """
def test_length():
    assert solution.f() == {length}
"""


@pytest.mark.parametrize("character", ["\x01", "\u00e9", "\u20ac", "\U0001f600"])
def test_a_file_of_characters_that_are_long_on_the_wire(each_bench, character):
    length = (LARGEST_FILE_BYTES - 100) // len(character.encode())
    solution = f"X = '{character * length}'\ndef f(): return len(X)\n"
    suite = SUITE.format(length=length)
    judged = each_bench.outcomes(suite, {"solution.py": solution, "empty.py": ""})
    assert judged["test_length"].verdict is Verdict.ACCEPTED
