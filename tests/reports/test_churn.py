from __future__ import annotations

import pytest

from harness.model.problem import Snapshot, is_solution_file
from harness.reports.attempt_report import (
    MAX_LINES,
    count_churn,
    diff_to_reference,
    is_like,
    source_text,
)


def test_added_removed_and_changed_lines_are_counted(snapshot):
    before = snapshot(solution="a\nb\nc\n")
    after = snapshot(solution="a\nB\nc\nd\n")
    assert count_churn(before, after) == (2, 1)
    assert count_churn(before, before) == (0, 0)


def test_new_and_deleted_files_count_whole(snapshot):
    before = snapshot(solution="a\n", old="x\ny\n")
    after = snapshot(solution="a\n", new="z\n")
    assert count_churn(before, after) == (1, 2)


def test_tests_of_the_candidate_do_not_count(snapshot):
    before, after = snapshot(solution="a\n"), snapshot(solution="a\n", test_mine="x\n" * 50)
    assert count_churn(before, after) == (0, 0)


def test_a_missing_newline_at_the_end_and_other_line_ends_do_not_count():
    before = Snapshot(files={"solution.py": b"a\r\nb\r\n"})
    after = Snapshot(files={"solution.py": b"a\nb"})
    assert count_churn(before, after) == (0, 0)


def test_what_takes_too_long_is_left_open(snapshot):
    long = snapshot(solution="x\n" * (MAX_LINES + 1))
    assert count_churn(snapshot(solution="x\n"), long) is None
    assert "(too long to compare)" in diff_to_reference(long, snapshot(solution="x\n"), 1)


def test_the_diff_goes_from_the_candidate_to_the_reference(snapshot):
    mine = snapshot(solution="a\nb\n", helper="h\n", test_mine="t\n")
    diff = diff_to_reference(mine, snapshot(solution="a\nc\n"), 3)
    assert diff.split("\n") == [
        "--- yours/helper.py",
        "+++ reference/level3/helper.py",
        "@@ -1 +0,0 @@",
        "-h",
        "--- yours/solution.py",
        "+++ reference/level3/solution.py",
        "@@ -1,2 +1,2 @@",
        " a",
        "-b",
        "+c",
    ]


@pytest.mark.parametrize(
    ("theirs", "like"),
    [("a\nb\n", True), ("a\nx\n", True), ("a\nx\ny\n", False), ("x\n\n\n\n\n", False)],
)
def test_alike_is_what_shares_half_of_its_lines(snapshot, theirs, like):
    assert is_like(snapshot(solution="a\n\n\n\n\nb\n"), snapshot(solution=theirs)) is like


def test_what_takes_too_long_to_compare_is_not_alike(snapshot):
    long = snapshot(solution="x\n" * (MAX_LINES + 1))
    assert not is_like(long, long)


def test_the_source_has_no_tests(snapshot):
    assert source_text(snapshot(b="1\n", a="2\n", test_a="3\n")) == "# a.py\n2\n\n# b.py\n1"


def test_bytes_that_are_no_text_do_not_stop_it():
    mine = Snapshot(files={"solution.py": b"\xff\x00\n"})
    assert "-\ufffd\x00" in diff_to_reference(mine, Snapshot(files={"solution.py": b"x\n"}), 1)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("solution.py", True),
        ("package/part.py", True),
        ("tests.py", True),
        ("test_mine.py", False),
        ("package/test_part.py", False),
        ("part_test.py", False),
        ("conftest.py", False),
        ("setup.py", False),
        ("notes.txt", False),
    ],
)
def test_solution_files(path, expected):
    assert is_solution_file(path) is expected
