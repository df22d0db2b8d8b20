"""Threads, callbacks and nesting, in any order: both ends of the wire, without a deadlock."""

from __future__ import annotations

import itertools
import os
import socket
import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.guest.server import Server
from harness.judge.box_session import BoxSession, Interface
from harness.judge.link import Link

SECONDS = 20.0
SCHEDULES = int(os.environ.get("HARNESS_SCHEDULES", "60"))
"""How many random programs are run."""

Plan = list[tuple[str, Any]]
"""Steps of one function of either side. ``("call", plan)`` calls the other side, ``("thread",
plan)`` starts a thread that follows a plan, ``("later", plan)`` starts one that is only joined at
the very end, ``("pause", seconds)`` waits. In ``("handover", [set, wait, seconds])`` one thread
waits for what another does, each so many calls away; in ``("background", [set, seconds])`` this one
waits, without a call of its own, for what a thread of the other side does."""


def plans(depth: int = 4) -> st.SearchStrategy[Plan]:
    seconds = st.sampled_from([0.0, 0.0005, 0.002])
    simple = [st.tuples(st.just("pause"), seconds)]
    if not depth:
        return st.lists(simple[0], max_size=1)
    calls = st.integers(1, 3)
    waits = [
        st.tuples(st.just("handover"), st.tuples(calls, calls, seconds).map(list)),
        st.tuples(st.just("background"), st.tuples(calls, seconds).map(list)),
    ]
    deeper = st.deferred(lambda: plans(depth - 1))
    kinds = st.sampled_from(["call", "call", "thread", "later"])
    return st.lists(st.one_of(st.tuples(kinds, deeper), *waits, *simple), max_size=3)


def so_many_calls_away(plan: Plan, calls: int) -> Plan:
    """Wrap a plan into so many calls of the other side, there and back."""
    return so_many_calls_away([("call", plan)], calls - 1) if calls else plan


class Events:
    """What threads of both sides wait for."""

    def __init__(self) -> None:
        self._keys = itertools.count()
        self._events: dict[int, threading.Event] = {}

    def new(self) -> int:
        key = next(self._keys)
        self._events[key] = threading.Event()
        return key

    def set(self, key: int) -> None:
        self._events[key].set()

    def wait(self, key: int) -> None:
        assert self._events[key].wait(SECONDS / 2), "nobody came"


class Side:
    """Follows plans in this process's threads; ``other`` follows the nested ones of calls."""

    def __init__(self, events: Events, errors: list[BaseException]) -> None:
        self.late: list[threading.Thread] = []
        self.events = events
        self.errors = errors

    def follow(self, plan: Plan, other: Callable[..., int], back: Callable[..., int]) -> int:
        """Take the steps of ``plan``; return how many there are, here and nested."""
        taken, threads = len(plan), []
        results: list[int] = []
        for kind, rest in plan:
            if kind == "pause":
                time.sleep(rest)
            elif kind in ("set", "wait"):
                getattr(self.events, kind)(rest)
            elif kind == "handover":
                self.hand_over(*rest, other, back)
            elif kind == "background":
                calls, seconds = rest
                key = self.events.new()
                setting = [("pause", seconds), *so_many_calls_away([("set", key)], calls)]
                other([("later", setting)], back)
                self.events.wait(key)
            elif kind == "call":
                taken += other(rest, back)
            else:
                target = self._into(results if kind == "thread" else [], rest, other, back)
                thread = threading.Thread(target=target, daemon=True)
                thread.start()
                (threads if kind == "thread" else self.late).append(thread)
        for thread in threads:
            thread.join()
        return taken + sum(results)

    def hand_over(
        self,
        set_calls: int,
        wait_calls: int,
        seconds: float,
        other: Callable[..., int],
        back: Callable[..., int],
    ) -> None:
        """Let this thread wait for what a new one does, each on the other side or further."""
        key = self.events.new()
        setting: Plan = [("pause", seconds), *so_many_calls_away([("set", key)], set_calls)]
        thread = threading.Thread(target=self._into([], setting, other, back), daemon=True)
        thread.start()
        self.follow(so_many_calls_away([("wait", key)], wait_calls), other, back)
        thread.join()

    def _into(
        self, results: list[int], plan: Plan, other: Callable[..., int], back: Callable[..., int]
    ) -> Callable[[], None]:
        def work() -> None:
            try:
                results.append(self.follow(plan, other, back))
            except BaseException as error:
                self.errors.append(error)

        return work


def steps(plan: Plan) -> int:
    """How many steps are counted: all but those in threads that nobody waits for."""
    nested = sum(steps(rest) for kind, rest in plan if kind in ("call", "thread"))
    return len(plan) + nested


class Pair:
    """A solution served by one thread, and a session of the judge in another."""

    def __init__(self) -> None:
        self.errors: list[BaseException] = []
        events = Events()
        self.box, self.suite = Side(events, self.errors), Side(events, self.errors)
        solution = ModuleType("solution")
        solution.follow = lambda plan, back: self.box.follow(  # type: ignore[attr-defined]
            [tuple(step) for step in plan], back, solution.follow
        )
        judge, self._theirs = socket.socketpair()
        self._judge = judge
        self._server = threading.Thread(target=self._serve, args=(solution,), daemon=True)
        self._server.start()
        self.link = Link(judge, time.monotonic() + SECONDS)
        self.session = BoxSession(self.link, Interface({}, {}))

    def _serve(self, solution: ModuleType) -> None:
        server = Server(self._theirs, lambda name: False)
        server.announce(solution)
        server.serve()

    def run(self, plan: Plan) -> int:
        """Follow a plan of the suite's, and all of its threads to their ends."""
        assert self.session.await_import() is None
        module = self.session.module

        def back(rest: Plan, _: object = None) -> int:
            return self.suite.follow(rest, lambda r, b: module.follow(r, b), back)

        taken = back(plan)
        while self.suite.late or self.box.late:
            (self.suite.late or self.box.late).pop().join(SECONDS)
        return taken

    def close(self) -> None:
        self.session.close()
        self._judge.shutdown(socket.SHUT_RDWR)
        self._server.join(0.02)  # a reader may have taken over from it
        self._judge.close()
        self._theirs.close()


@pytest.fixture
def no_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    def end_thread(code: int) -> None:
        raise SystemExit(code)

    monkeypatch.setattr("harness.guest.connection.os._exit", end_thread)
    monkeypatch.setattr("threading.excepthook", lambda args: None)


@pytest.mark.usefixtures("no_exit")
@settings(
    max_examples=SCHEDULES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plans())
def test_any_nesting_of_threads_and_callbacks_ends(plan: Plan) -> None:
    pair = Pair()
    try:
        assert pair.run(plan) == steps(plan)
        assert pair.errors == []
        assert pair.link.fault is None
    finally:
        pair.close()
