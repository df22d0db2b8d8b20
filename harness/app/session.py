"""The composition root: what the use cases work with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from harness.attempts import AttemptStore, Clock, SystemClock
from harness.catalog import Catalog, pinned
from harness.model.judgement import SILENT, Observer
from harness.plugins import PluginHost, load_plugins
from harness.reports.scoring import score as default_score

if TYPE_CHECKING:
    from harness.judge.spawn import Child
    from harness.model.attempt import AttemptState
    from harness.model.judgement import Judgement
    from harness.model.problem import Problem, Request
    from harness.model.score import Score
    from harness.settings import Settings


class JudgePort(Protocol):
    """What the use cases need of a judge."""

    def prepare(self, *requests: Request) -> None:
        """Get ready for one of ``requests``; their snapshots do not matter."""

    def judge(self, request: Request, observer: Observer = SILENT) -> Judgement:
        """Judge ``request``; never raises for what a solution does."""

    def close(self) -> None:
        """End all processes."""


class Session:
    """Settings, plugins, problems, record and judge. Each is made at its first use.

    ``prepared`` is the judge's child when that was started early; ``judge`` replaces the real
    judge, ``clock`` the clocks of the machine, ``plugins`` those of the installation.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        prepared: Child | None = None,
        judge: JudgePort | None = None,
        clock: Clock | None = None,
        plugins: PluginHost | None = None,
    ) -> None:
        self.settings = settings
        self._given_plugins = plugins
        self._prepared = prepared
        self._given_judge = judge
        self._clock = clock

    @cached_property
    def plugins(self) -> PluginHost:
        """The plugins of this installation."""
        return self._given_plugins or load_plugins()

    @cached_property
    def catalog(self) -> Catalog:
        """All problems of all packs."""
        return Catalog.discover(self.settings, self.plugins)

    @cached_property
    def store(self) -> AttemptStore:
        """The record of attempts; created when missing."""
        return AttemptStore.open(self.settings.home, self._clock or SystemClock())

    @cached_property
    def judge(self) -> JudgePort:
        """The judge."""
        if self._given_judge is not None:
            return self._given_judge
        from harness.judge.judge import Judge  # most commands do not judge

        return Judge(
            backend=self.settings.backend,
            cache=self.settings.home / "cache",
            prepared=self._prepared,
        )

    def problem(self, state: AttemptState) -> Problem:
        """The very problem that an attempt began with.

        Raises StateError when the kept copy is missing or damaged.
        """
        return pinned(self.settings.home, state.problem_hash)

    def score(self, state: AttemptState) -> Score:
        """What an attempt is worth now: as a plugin says, else by the default rule."""
        problem = self.problem(state)
        # Reading all judgements takes time, and the default rule needs none.
        if not self.plugins.names:
            return default_score(problem, state)
        judgements = self.store.judgements(state.id)
        return self.plugins.score(problem, state, judgements) or default_score(problem, state)

    @contextmanager
    def notifying_plugins(self, attempt_id: str, *, begins: bool = False) -> Iterator[None]:
        """Report each event that the block records to the plugins."""
        if not self.plugins.names:
            yield
            return
        known = 0 if begins else len(self.store.events(attempt_id))
        yield
        for event in self.store.events(attempt_id)[known:]:
            self.plugins.attempt_event(event)

    def close(self) -> None:
        """Close the record and end the judge's processes."""
        if "judge" in self.__dict__:
            self.judge.close()
        elif self._prepared is not None:
            self._prepared.close()
        if "store" in self.__dict__:
            self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
