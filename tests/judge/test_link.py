"""The judge's end of a stream, against a peer that keeps to the protocol or does not."""

from __future__ import annotations

import _thread
import queue
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from harness.guest.connection import THREADS
from harness.guest.frames import pack
from harness.guest.server import MAX_CALLERS
from harness.judge.link import BoxFault, Link
from harness.model.judgement import Verdict

OWN_THREADS = 1000
"""More than the tests start, so that the notice of threads is only sent where it is tested."""


class Ends:
    def __init__(self) -> None:
        self.box, self.judge = socket.socketpair()
        self.link = Link(self.judge, time.monotonic() + 5, own_threads=OWN_THREADS)

    def fault(self, channel: int = 1) -> tuple[Verdict, str]:
        with pytest.raises(BoxFault) as caught:
            self.link.receive(channel)
        return caught.value.verdict, caught.value.text


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = Ends()
    yield made
    made.link.close(BoxFault(Verdict.JUDGE_ERROR, "the test is over"))
    made.box.close()
    made.judge.close()


def test_frames_arrive_whole_with_their_sizes(ends: Ends) -> None:
    small, large = pack([1, 2, "a"]), pack([1, 3, "x" * 1_000_000])
    writer = threading.Thread(target=ends.box.sendall, args=(small + large + small,))
    writer.start()
    assert ends.link.receive(1) == ([1, 2, "a"], len(small))
    assert ends.link.receive(1) == ([1, 3, "x" * 1_000_000], len(large))
    assert ends.link.receive(1) == ([1, 2, "a"], len(small))
    writer.join()


def test_large_messages_are_sent_whole(ends: Ends) -> None:
    data = pack(["x" * 3_000_000])
    received = bytearray()

    def read() -> None:
        while len(received) < len(data):
            received.extend(ends.box.recv(1 << 16))

    reader = threading.Thread(target=read)
    reader.start()
    ends.link.send(data)
    reader.join(5)
    assert bytes(received) == data


def test_each_thread_gets_the_frames_of_its_channel(ends: Ends) -> None:
    got: dict[int, list[int]] = {}

    def take(channel: int) -> None:
        got[channel] = [ends.link.receive(channel)[0][1] for _ in range(20)]

    threads = [threading.Thread(target=take, args=(channel,)) for channel in (2, 3)]
    for channel, thread in zip((2, 3), threads, strict=True):
        ends.link.open_channel(channel)
        thread.start()
    for number in range(20):
        for channel in (1, 2, 3):
            ends.box.sendall(pack([channel, number, "x"]))
    take(1)
    for thread in threads:
        thread.join(5)
    assert got == {channel: list(range(20)) for channel in (1, 2, 3)}


def test_a_reader_that_took_over_a_moment_ago_does_not_block_the_main_thread(ends: Ends) -> None:
    with ends.link._read_lock:  # as the reader does before anybody can see that it runs
        ends.link._inboxes[1].put(([1, 9, "sorted"], 20))
        assert ends.link.receive(1) == ([1, 9, "sorted"], 20)


@pytest.mark.parametrize("channel", [-1 - MAX_CALLERS, 0, 2, 10**18])
def test_the_box_opens_only_channels_of_its_own(ends: Ends, channel: int) -> None:
    ends.link.on_new_channel = lambda channel: pytest.fail("it was opened")
    ends.box.sendall(pack([channel, 0, "return"]))
    words = "the box broke the protocol: a frame on a channel that is not open"
    assert ends.fault() == (Verdict.RUNTIME_ERROR, words)


def test_without_a_session_the_box_opens_no_channel(ends: Ends) -> None:
    ends.box.sendall(pack([-1, 0, "callback"]))
    words = "the box broke the protocol: a frame on a channel that is not open"
    assert ends.fault() == (Verdict.RUNTIME_ERROR, words)


def test_a_channel_of_the_box_is_announced_once_and_keeps_its_frames(ends: Ends) -> None:
    opened: list[int] = []
    ends.link.on_new_channel = opened.append
    frames = [[-MAX_CALLERS, 0, "first"], [-MAX_CALLERS, 0, "second"], [1, 2, "main"]]
    ends.box.sendall(b"".join(map(pack, frames)))
    assert ends.link.receive(1)[0] == [1, 2, "main"]
    assert opened == [-MAX_CALLERS]
    assert [ends.link.receive(-MAX_CALLERS)[0] for _ in range(2)] == frames[:2]


def test_after_the_notice_frames_are_read_that_are_not_waited_for(ends: Ends) -> None:
    opened: queue.SimpleQueue[int] = queue.SimpleQueue()
    ends.link.on_new_channel = opened.put
    ends.box.sendall(pack(THREADS) + pack([1, 2, "main"]))
    assert ends.link.receive(1)[0] == [1, 2, "main"]
    ends.box.sendall(pack([-1, 0, "callback"]))
    assert opened.get(timeout=5) == -1


def test_the_notice_goes_once_before_what_is_sent_while_there_are_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The number is the process's: threads that other tests leave would change it meanwhile.
    running = iter([1, 1, 2, 2])
    monkeypatch.setattr(_thread, "_count", lambda: next(running))
    box, judge = socket.socketpair()
    with box, judge:
        link = Link(judge, time.monotonic() + 5, own_threads=_thread._count())
        link.send(b"a")
        link.send(b"b")
        link.send(b"c")
        sent = b"a" + pack(THREADS) + b"bc"
        assert box.recv(len(sent) + 1, socket.MSG_DONTWAIT) == sent


def test_the_first_fault_stays(ends: Ends) -> None:
    ends.link.deadline = time.monotonic()
    assert ends.fault() == (Verdict.TIME_LIMIT, "the time limit was reached")
    ends.link.fail(Verdict.JUDGE_ERROR, "later")
    assert ends.fault() == (Verdict.TIME_LIMIT, "the time limit was reached")
    with pytest.raises(BoxFault, match="the time limit"):
        ends.link.send(b"x")


def test_after_closing_everything_is_the_closing_fault(ends: Ends) -> None:
    ends.link.fail(Verdict.TIME_LIMIT, "before")
    ends.link.close(BoxFault(Verdict.JUDGE_ERROR, "over"))
    assert ends.fault() == (Verdict.JUDGE_ERROR, "over")


def test_closing_wakes_a_thread_that_waits(ends: Ends) -> None:
    ends.link.open_channel(2)
    faults: list[tuple[Verdict, str]] = []
    waits = threading.Thread(target=lambda: faults.append(ends.fault(2)))
    waits.start()
    ends.link.close(BoxFault(Verdict.JUDGE_ERROR, "over"))
    waits.join(5)
    assert faults == [(Verdict.JUDGE_ERROR, "over")]


def test_a_peer_that_ends_is_the_solutions_end(ends: Ends) -> None:
    ends.box.close()
    words = (Verdict.RUNTIME_ERROR, "the solution ended its process")
    assert ends.fault() == words
    other = Ends()
    other.box.close()
    with pytest.raises(BoxFault, match="ended its process"):
        other.link.send(b"x" * 10)
    other.judge.close()


def test_a_fault_swallows_no_ordinary_handler() -> None:
    assert not issubclass(BoxFault, Exception)
