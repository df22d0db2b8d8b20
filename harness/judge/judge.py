"""The judge: a request in, a judgement out, whatever the solution does."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.judge.child_process import JudgeProcess
from harness.judge.order import Order, announcement
from harness.judge.recovery import judge_cases
from harness.judge.spawn import Child
from harness.model.judgement import SILENT, Judgement, Observer
from harness.model.problem import Request

GRACE_SECONDS = 15.0
"""What a case may take beyond its limit, its import included, before the child counts as stuck."""


class Judge:
    """Judges one request after another, each in a fresh child process. Close it in the end.

    ``cache``: folder for compiled suites. ``prepared``: a child that was already started.
    ``reuse``: keep a child for the next request. Its sandbox and boxes are as fresh as ever, but
    what a suite itself remembers stays: for authors, who judge many solutions of one problem.
    """

    def __init__(
        self,
        backend: str = "auto",
        cache: Path | None = None,
        prepared: Child | None = None,
        *,
        reuse: bool = False,
    ) -> None:
        self._backend = backend
        self._cache = cache
        self._prepared = JudgeProcess(prepared) if prepared is not None else None
        self._ending: Child | None = None
        """The child that was used last. Freeing its memory takes it a few milliseconds."""
        self._reuse = reuse

    def prepare(self, *requests: Request) -> None:
        """Start the next child ahead of its use; the next :meth:`judge` takes it.

        ``requests``: those that may come, all of one problem. Their suites are collected ahead,
        too; their snapshots do not matter.
        """
        orders = [Order.of(request, self._backend, self._cache) for request in requests]
        expected = announcement(orders) if orders else None
        if expected is not None and self._is_prepared_for(expected):
            return
        process = self._process_for(expected)
        if expected is not None:
            process.send(expected)
        self._prepared = process

    def close(self) -> None:
        """End a prepared child that was not used, and wait for the end of the one before."""
        if self._prepared is not None:
            self._prepared.child.close()
        if self._ending is not None:
            self._ending.close()
        self._prepared = self._ending = None

    def judge(self, request: Request, observer: Observer = SILENT) -> Judgement:
        """Judge ``request``; never raises for what a solution does.

        ``observer`` follows it. A failure of the judge itself is retried once, and then reported in
        ``error``.
        """
        order = Order.of(request, self._backend, self._cache)
        return judge_cases(request, lambda judged: self._run_child(order, judged), observer)

    def _run_child(self, order: Order, judged: tuple[str, ...]) -> Generator[dict[str, Any]]:
        process = self._process_for(order)
        is_done = False
        try:
            process.send(replace(order, judged=judged))
            patience = order.limits.wall_seconds + GRACE_SECONDS
            with contextlib.closing(process.events(patience)) as events:
                for event in events:
                    is_done = "done" in event
                    yield event
        finally:
            if self._reuse and is_done:
                self._prepared = process
            else:
                self._retire(process.child)

    def _retire(self, child: Child) -> None:
        """End a child; the verdict need not wait for that."""
        child.end()
        if self._ending is not None:
            self._ending.close()
        self._ending = child

    def _is_prepared_for(self, order: Order) -> bool:
        announced = self._prepared.announced if self._prepared is not None else None
        return announced is not None and announced.covers(order)

    def _process_for(self, order: Order | None) -> JudgeProcess:
        """Take the prepared child, or a new one if that was prepared for something else."""
        process, self._prepared = self._prepared, None
        if process is None:
            return JudgeProcess(Child(self._backend))
        if order is None or process.announced is None or process.announced.covers(order):
            return process
        process.child.close()
        return JudgeProcess(Child(self._backend))
