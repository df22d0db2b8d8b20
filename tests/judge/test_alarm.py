"""A suite that an answer keeps busy is interrupted, and nothing rings afterwards."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
import time

import pytest

from harness.judge.link import BoxFault, Link
from harness.judge.running_case import BUSY, end_busy, interrupt_at_deadline
from harness.model.judgement import Verdict

FAR = 60.0


@pytest.fixture
def link():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Link(ours, time.monotonic())


def loop() -> None:
    while True:
        pass


def sleep_twice() -> None:
    with contextlib.suppress(BoxFault):
        time.sleep(FAR)
    time.sleep(FAR)


def test_a_loop_is_interrupted_by_the_links_fault(link):
    with pytest.raises(BoxFault) as caught, interrupt_at_deadline(link):
        loop()
    assert caught.value is link.fault
    assert (link.fault.verdict, link.fault.text) == (Verdict.TIME_LIMIT, BUSY)


def test_it_rings_again_when_the_first_was_swallowed(link):
    with pytest.raises(BoxFault), interrupt_at_deadline(link):
        sleep_twice()


def test_nothing_rings_after_a_block_in_time(link):
    link.deadline = time.monotonic() + FAR
    before = signal.getsignal(signal.SIGALRM)
    with interrupt_at_deadline(link):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 1
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == before
    assert link.fault is None


def test_nothing_rings_after_a_ring_just_before_it_is_stopped(link, monkeypatch):
    link.deadline = time.monotonic() + FAR
    before = signal.getsignal(signal.SIGALRM)
    set_timer = signal.setitimer

    def ring_first(which: int, *times: float) -> tuple[float, float]:
        if times == (0,):
            monkeypatch.setattr(signal, "setitimer", set_timer)
            signal.raise_signal(signal.SIGALRM)
        return set_timer(which, *times)

    monkeypatch.setattr(signal, "setitimer", ring_first)
    with pytest.raises(BoxFault), interrupt_at_deadline(link):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_threads_that_compute_are_ended_and_those_that_wait_are_not():
    def compute() -> None:
        with contextlib.suppress(SystemExit):  # this pytest would tell of it
            loop()

    go_on = threading.Event()
    busy, waiting = threading.Thread(target=compute), threading.Thread(target=go_on.wait)
    busy.start()
    waiting.start()
    end_busy([busy, waiting])
    busy.join(FAR)
    still = waiting.is_alive()
    go_on.set()
    waiting.join(FAR)
    assert (still, busy.is_alive(), waiting.is_alive()) == (True, False, False)


def test_it_may_ring_while_a_frame_is_delivered(link):
    def ring_within() -> None:
        with link._state_lock:
            link.fail(Verdict.TIME_LIMIT, BUSY)

    ringing = threading.Thread(target=ring_within, daemon=True)
    ringing.start()
    ringing.join(5)
    assert not ringing.is_alive()
