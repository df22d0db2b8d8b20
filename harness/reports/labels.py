"""How verdicts, ends, sandboxes and points are written everywhere."""

from __future__ import annotations

from harness.model.attempt import End
from harness.model.judgement import Verdict

_VERDICTS = {
    Verdict.ACCEPTED: "accepted",
    Verdict.WRONG_ANSWER: "wrong answer",
    Verdict.RUNTIME_ERROR: "error in your code",
    Verdict.TIME_LIMIT: "took too long",
    Verdict.MEMORY_LIMIT: "took too much memory",
    Verdict.OUTPUT_LIMIT: "printed too much",
    Verdict.IMPORT_ERROR: "cannot be imported",
    Verdict.SKIPPED: "not run",
    Verdict.JUDGE_ERROR: "the judge failed",
}
_ENDS = {
    End.COMPLETED: "completed",
    End.FINISHED: "finished",
    End.EXPIRED: "time up",
}
_TIERS = {"none": "no protection"}
"""The words for a tier whose name could be misread."""


def verdict_words(verdict: Verdict) -> str:
    """Return a verdict in words."""
    return _VERDICTS[verdict]


def end_words(end: End | None) -> str:
    """Return how an attempt ended; ``open`` when it has not."""
    return "open" if end is None else _ENDS[end]


def sandbox_text(backend: str, tier: str) -> str:
    """Return the sandbox and its protection: ``linux (full)``."""
    tier = _TIERS.get(tier, tier)
    return f"{backend} ({tier})" if tier else backend


def points_text(points: int, most: int) -> str:
    """Return ``1,050 of 2,000``."""
    return f"{points:,} of {most:,}"
