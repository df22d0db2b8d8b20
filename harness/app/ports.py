"""What the application needs from outside, so that tests and embedders can bring their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from harness.model.observer import SILENT, Observer

if TYPE_CHECKING:
    from harness.model.job import Job
    from harness.model.judgement import Judgement


class JudgePort(Protocol):
    """What the application needs of a judge."""

    def prepare(self, *jobs: Job) -> None:
        """Get ready for one of ``jobs``; their snapshots do not matter."""

    def judge(self, job: Job, observer: Observer = SILENT) -> Judgement:
        """Judge ``job``; never raises for what a solution does."""

    def close(self) -> None:
        """Let go of everything."""
