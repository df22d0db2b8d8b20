"""An attempt: one timed sitting on one problem, computed from its events."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from harness.model.frozen import frozen
from harness.model.judgement import Feedback, Judgement


class Mode(StrEnum):
    """Exam: no pause, no extension, a fixed deadline. Practice: both allowed and recorded."""

    EXAM = "exam"
    PRACTICE = "practice"


class End(StrEnum):
    """Why an attempt is over."""

    COMPLETED = "completed"
    """Every level was accepted."""
    FINISHED = "finished"
    """The candidate ended it."""
    EXPIRED = "expired"
    """Exam mode: the deadline passed."""


@frozen(kw_only=True)
class Reading:
    """All clocks of the machine at one moment."""

    wall: float
    """Seconds since the epoch, UTC. May jump."""
    boot_id: str
    """Changes with every boot; empty where the system has none."""
    boottime: float
    """Seconds since boot, including sleep. Does not jump."""
    monotonic: float
    """Seconds since boot, without sleep."""


@frozen(kw_only=True)
class Event:
    """One line of an attempt's append-only log."""

    attempt: str
    seq: int
    kind: str
    reading: Reading
    data: dict[str, Any]
    previous_hash: str
    hash: str


@frozen(kw_only=True)
class LevelState:
    """The progress of one level. Times are on the attempt's clock (charged seconds)."""

    number: int
    opened_at_seconds: float | None = None
    accepted_at_seconds: float | None = None
    revealed: bool = False
    submissions: int = 0
    """Submissions made while this was the current level."""
    test_runs: int = 0
    """Runs of the visible suites while this was the current level."""
    passed: int = 0
    """Hidden cases passed in the last judged submission that judged this level."""
    total: int = 0
    """Hidden cases in that submission; 0 when the level was never judged."""
    hints: int = 0
    """How many of its hints were shown."""


@frozen(kw_only=True)
class AttemptState:
    """The state of an attempt, computed from its events and the time by ``replay``."""

    id: str
    problem: str
    problem_version: str
    problem_hash: str
    mode: Mode
    feedback: Feedback
    seed: str
    """Seed of the suites' random data."""
    workspace: Path
    minutes: int
    """The time limit at the start, before extensions."""
    started_at: datetime
    levels: tuple[LevelState, ...]
    level: int
    """The current level: the highest that is open."""
    spent_seconds: float
    """Charged time until now: without pauses and without judging."""
    allowed_seconds: float
    """``minutes`` and all extensions."""
    paused: bool = False
    end: End | None = None
    ended_at: datetime | None = None
    pauses: int = 0
    extensions: int = 0
    submissions: int = 0
    last_submission: str | None = None
    """Snapshot hash of the last recorded submission."""
    pending_submission: str | None = None
    """Snapshot recorded as submitted and not judged yet (the judge runs, or was killed)."""
    judge_broken: bool = False
    """Whether the judge failed on it, and the clock waits for the candidate's next action."""
    template_snapshot: str = ""
    """Snapshot of the workspace at the start."""
    notices: tuple[str, ...] = ()
    """Sentences about irregular clocks of the machine."""

    @property
    def remaining_seconds(self) -> float:
        """Time left; negative in practice mode after the time limit."""
        return self.allowed_seconds - self.spent_seconds

    @property
    def stands_still(self) -> bool:
        """Whether the attempt's clock is stopped."""
        return self.paused or self.judge_broken or not self.is_open

    @property
    def is_open(self) -> bool:
        """Whether the attempt has not ended."""
        return self.end is None


@frozen(kw_only=True)
class RecordedJudgement:
    """A judgement in the log of an attempt."""

    seq: int
    """Number of its event."""
    snapshot: str
    """Hash of the snapshot that was judged."""
    level: int
    """The current level at that time."""
    at_seconds: float
    """When it was submitted (or tested), on the attempt's clock."""
    judgement: Judgement
