"""Frames of the box's end, sorted by channel."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Iterator

import pytest

from harness.guest.codec import UnsendableError
from harness.guest.connection import THREADS, Connection
from harness.guest.frames import HEADER, Frame, body_length, pack, unpack


class Ends:
    """A connection, and the judge's end of it."""

    def __init__(self) -> None:
        self.judge, self.theirs = socket.socketpair()
        self.judge.settimeout(5)
        self.opened: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.connection = Connection(self.theirs, self.opened.put)

    def send(self, *frames: Frame) -> None:
        self.judge.sendall(b"".join(map(pack, frames)))

    def receive(self) -> Frame:
        header = self.judge.recv(HEADER.size, socket.MSG_WAITALL)
        return unpack(self.judge.recv(body_length(header), socket.MSG_WAITALL))


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ends]:
    def end_thread(code: int) -> None:
        raise SystemExit(code)

    # A guest ends its process with its stream; here that is only a reader's end.
    monkeypatch.setattr("harness.guest.connection.os._exit", end_thread)
    monkeypatch.setattr("threading.excepthook", lambda args: None)
    before = set(threading.enumerate())
    made = Ends()
    yield made
    made.judge.shutdown(socket.SHUT_RDWR)
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive()
    made.judge.close()
    made.theirs.close()


def test_the_only_thread_reads_without_another(ends: Ends) -> None:
    before = threading.active_count()
    ends.send([1, 2, "a"], [1, 3, "b"])
    assert ends.connection.receive(1) == [1, 2, "a"]
    assert ends.connection.receive(1) == [1, 3, "b"]
    assert threading.active_count() == before
    assert ends.opened.empty()


def test_large_and_split_frames(ends: Ends) -> None:
    large = [1, 2, "x" * 1_000_000]
    writer = threading.Thread(target=ends.send, args=(large, [1, 3, "after"]))
    writer.start()
    assert ends.connection.receive(1) == large
    assert ends.connection.receive(1) == [1, 3, "after"]
    writer.join()
    data = pack([1, 4, "slow"])
    ends.judge.sendall(data[:3])
    writer = threading.Timer(0.05, ends.judge.sendall, (data[3:],))
    writer.start()
    assert ends.connection.receive(1) == [1, 4, "slow"]
    writer.join()


def test_a_new_channel_is_announced_once_and_keeps_its_frames(ends: Ends) -> None:
    ends.send([2, 1, "first"], [2, 2, "second"], [1, 3, "main"])
    assert ends.connection.receive(1) == [1, 3, "main"]
    assert ends.opened.get(timeout=5) == 2
    got: list[Frame] = []

    def take() -> None:
        got.append(ends.connection.receive(2))
        got.append(ends.connection.receive(2))

    thread = threading.Thread(target=take)
    thread.start()
    thread.join(5)
    assert got == [[2, 1, "first"], [2, 2, "second"]]
    assert ends.opened.empty()


def test_of_a_frame_that_is_too_large_nothing_is_sent(ends: Ends) -> None:
    with pytest.raises(UnsendableError):
        ends.connection.send([1, 7, "return", "x" * 9_000_000])
    ends.connection.send([1, 7, "return", 1])
    assert ends.receive() == [1, 7, "return", 1]


def test_a_frame_that_was_taken_in_on_another_channel_is_not_waited_for(ends: Ends) -> None:
    ends.connection.open_channel(-1)
    ends.send([1, 7, "request"], [-1, 0, "return"])
    assert ends.connection.receive(-1) == [-1, 0, "return"]
    assert ends.connection.receive(1) == [1, 7, "request"]


def test_the_notice_of_the_judge_starts_a_reader(ends: Ends) -> None:
    ends.send(THREADS, [1, 7, "request"])
    assert ends.connection.receive(1) == [1, 7, "request"]
    ends.send([2, 1, "another"])  # while the main thread is busy with its request
    assert ends.opened.get(timeout=5) == 2


def test_threads_are_announced_once_and_only_where_they_matter(ends: Ends) -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    ends.connection.send([1, 1, "return", 1])
    assert ends.receive() == [1, 1, "return", 1]
    for number in (2, 3):
        ends.connection.announce_threads()
        ends.connection.send([1, number, "return", 1])
    over.set()
    thread.join()
    frames = [ends.receive() for _ in range(3)]
    assert frames == [THREADS, [1, 2, "return", 1], [1, 3, "return", 1]]


def test_a_reader_that_took_over_a_moment_ago_does_not_block_the_main_thread(ends: Ends) -> None:
    with ends.connection._read_lock:  # as the reader does before anybody can see that it runs
        ends.connection._inboxes[1].put([1, 9, "sorted"])
        assert ends.connection.receive(1) == [1, 9, "sorted"]
