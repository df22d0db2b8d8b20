"""How verdicts, ends and times are written everywhere."""

from __future__ import annotations

from harness.model.attempt import End
from harness.model.verdict import Verdict

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
"""How a tier is written where its own name could be misread."""


def verdict_words(verdict: Verdict) -> str:
    """Return a verdict as a person says it."""
    return _VERDICTS[verdict]


def end_words(end: End | None) -> str:
    """Return how an attempt ended; ``open`` when it did not."""
    return "open" if end is None else _ENDS[end]


def sandbox_text(backend: str, tier: str) -> str:
    """Return what judged, and how well it protects: ``linux (full)``."""
    tier = _TIERS.get(tier, tier)
    return f"{backend} ({tier})" if tier else backend


def clock_text(seconds: float) -> str:
    """Return a time as ``m:ss`` or ``h:mm:ss``, rounded down; negative times with a minus."""
    whole = int(abs(seconds))
    sign = "−" if seconds < 0 and whole else ""
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02}:{left:02}" if hours else f"{sign}{minutes}:{left:02}"


def points_text(points: int, most: int) -> str:
    """Return ``1,050 of 2,000``."""
    return f"{points:,} of {most:,}"


def count_text(number: int, singular: str, plural: str = "") -> str:
    """Return ``1 test run``, ``2 test runs``."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def ordinal_text(number: int) -> str:
    """Return ``1st``, ``2nd``, ``3rd``, ``4th`` …"""
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
