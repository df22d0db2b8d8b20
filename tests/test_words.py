from __future__ import annotations

from pathlib import Path

import pytest

from harness.model.attempt import End
from harness.model.judgement import Verdict
from harness.words import (
    clock_text,
    count_text,
    did_you_mean,
    duration_text,
    end_words,
    nearest,
    ordinal_text,
    quoted,
    remaining_text,
    sandbox_text,
    verdict_words,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kv_stor", "kv_store"),
        ("KV-Store", "kv_store"),
        ("rate", "rate_limiter"),
        ("zzz", None),
        ("", None),
    ],
)
def test_nearest(name, expected):
    assert nearest(name, {"kv_store", "rate_limiter", "task_scheduler"}) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("stat", " Did you mean status, statement or start?"),
        ("st", " Did you mean start, status or statement?"),
        ("sumbit", " Did you mean submit?"),
        ("subm", " Did you mean submit?"),
        ("s", ""),
        ("frobnicate", ""),
    ],
)
def test_names_that_begin_alike_come_first(name, expected):
    assert did_you_mean(name, ["start", "statement", "status", "submit", "list"]) == expected


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (-0.4, "0:00"),
        (59.9, "0:59"),
        (61, "1:01"),
        (3599.9, "59:59"),
        (3600, "1:00:00"),
        (4023, "1:07:03"),
        (-200, "−3:20"),
    ],
)
def test_clock(seconds, text):
    assert clock_text(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00 left"), (5400, "1:30:00 left"), (-3.9, "over by 0:03")],
)
def test_time_that_remains(seconds, text):
    assert remaining_text(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 s"),
        (45, "45 s"),
        (59.7, "1 min"),
        (720, "12 min"),
        (3599, "1 h 00 min"),
        (3600, "1 h 00 min"),
        (5400, "1 h 30 min"),
        (360_000, "100 h 00 min"),
    ],
)
def test_lengths_of_time_in_words(seconds, words):
    assert duration_text(seconds) == words


def test_counts():
    assert [count_text(n, "test run") for n in (0, 1, 2)] == [
        "0 test runs",
        "1 test run",
        "2 test runs",
    ]


def test_ordinals():
    numbers = (1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111, 113)
    expected = "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 101st 111th 113th"
    assert [ordinal_text(number) for number in numbers] == expected.split()


def test_a_path_is_quoted_as_a_shell_needs_it():
    assert quoted(Path("/a b/c")) == "'/a b/c'"
    assert quoted("plain.py") == "plain.py"


def test_every_verdict_and_end_has_words_of_its_own():
    assert len({verdict_words(verdict) for verdict in Verdict}) == len(Verdict)
    assert len({end_words(end) for end in (*End, None)}) == len(End) + 1


@pytest.mark.parametrize(
    ("backend", "tier", "text"),
    [
        ("linux", "full", "linux (full)"),
        ("process", "none", "process (no protection)"),
        ("mine", "", "mine"),
    ],
)
def test_what_judged(backend, tier, text):
    assert sandbox_text(backend, tier) == text
