from __future__ import annotations

import pytest

from harness.model.attempt import End
from harness.model.judgement import Verdict
from harness.reports.labels import end_words, sandbox_text, verdict_words


def test_every_verdict_and_end_has_words_of_its_own() -> None:
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
def test_what_judged(backend: str, tier: str, text: str) -> None:
    assert sandbox_text(backend, tier) == text
