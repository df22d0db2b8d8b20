from __future__ import annotations

import pytest

from harness.model.attempt import End
from harness.model.verdict import Verdict
from harness.reports.wording import (
    clock_text,
    count_text,
    end_words,
    ordinal_text,
    sandbox_text,
    verdict_words,
)


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
def test_clock(seconds: float, text: str) -> None:
    assert clock_text(seconds) == text


def test_every_verdict_and_end_has_words_of_its_own() -> None:
    assert len({verdict_words(verdict) for verdict in Verdict}) == len(Verdict)
    assert len({end_words(end) for end in (*End, None)}) == len(End) + 1


def test_counts() -> None:
    assert [count_text(n, "test run") for n in (0, 1, 2)] == [
        "0 test runs",
        "1 test run",
        "2 test runs",
    ]


@pytest.mark.parametrize(
    ("backend", "tier", "text"),
    [
        ("linux", "full", "linux (full)"),
        ("process", "none", "process (no protection)"),
        ("mine", "", "mine"),
    ],
)
def test_what_judged(backend: str, tier: str, text: str) -> None:
    assert sandbox_text(backend, tier) == text


def test_ordinals() -> None:
    numbers = (1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111, 113)
    expected = "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 101st 111th 113th"
    assert [ordinal_text(number) for number in numbers] == expected.split()
