"""Frames of the box's end, sorted by channel."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Iterator

import pytest

from harness.guest.codec import UnsendableError
from harness.guest.connection import Connection
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


def test_a_frame_that_cannot_be_sent_leaves_the_request_open(ends: Ends) -> None:
    ends.connection.begin(1, 7)
    with pytest.raises(UnsendableError):
        ends.connection.finish(1, 7, ["return", "x" * 5_000_000])
    ends.connection.finish(1, 7, ["return", 1])
    assert ends.receive() == [1, 7, "return", 1]


def test_a_stranger_waits_for_a_request_and_goes_before_its_answer(ends: Ends) -> None:
    sent = threading.Thread(target=ends.connection.send_in_any_request, args=(["callback"],))
    sent.start()
    ends.judge.settimeout(0.05)
    with pytest.raises(TimeoutError):
        ends.judge.recv(1)
    ends.judge.settimeout(5)
    ends.connection.begin(1, 7)
    ends.connection.finish(1, 7, ["return", 1])
    assert ends.receive() == [1, 7, "callback"]
    assert ends.receive() == [1, 7, "return", 1]
    sent.join(5)


def test_a_stranger_speaks_for_the_latest_request(ends: Ends) -> None:
    ends.connection.begin(1, 7)
    ends.connection.begin(2, 8)
    ends.connection.send_in_any_request(["a"])
    ends.connection.finish(2, 8, ["return", 1])
    ends.connection.send_in_any_request(["b"])
    frames = [ends.receive() for _ in range(3)]
    assert frames == [[2, 8, "a"], [2, 8, "return", 1], [1, 7, "b"]]


def test_a_reader_that_took_over_a_moment_ago_does_not_block_the_main_thread(ends: Ends) -> None:
    with ends.connection._read_lock:  # as the reader does before anybody can see that it runs
        ends.connection._inboxes[1].put([1, 9, "sorted"])
        assert ends.connection.receive(1) == [1, 9, "sorted"]
