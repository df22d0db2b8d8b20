"""The box's end of the wire: frames in and out, shared by all threads of the box.

As long as one thread serves, it reads the socket itself: no hand-over, no wake-up. The first frame
for another channel starts a reader that sorts frames into one inbox per channel from then on.
"""

from __future__ import annotations

import os
import queue
import socket
import threading
from collections.abc import Callable

from .frames import HEADER, Frame, body_length, pack, unpack

MAIN_CHANNEL = 1
GAVE_UP = 70
"""Exit code of a box whose guest cannot go on."""


class Connection:
    """One duplex stream, many channels. ``on_new_channel`` is called once for each new one."""

    def __init__(self, sock: socket.socket, on_new_channel: Callable[[int], None]) -> None:
        self._sock = sock
        self._on_new_channel = on_new_channel
        self._buffer = b""
        self._main_thread = threading.get_ident()
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()
        self._inboxes: dict[int, queue.SimpleQueue[Frame]] = {MAIN_CHANNEL: queue.SimpleQueue()}
        self._reader_runs = False
        self._open_requests: list[tuple[int, int]] = []
        self._strangers = 0
        self._strangers_changed = threading.Condition(self._write_lock)

    def send(self, frame: Frame) -> None:
        """Send one whole frame; the bytes exist before the first one leaves."""
        data = pack(frame)
        with self._write_lock:
            self._sock.sendall(data)

    def begin(self, channel: int, number: int) -> None:
        """Note that a request is being answered, and let callbacks that waited for one go."""
        self._open_requests.append((channel, number))
        if self._strangers:
            with self._strangers_changed:
                self._strangers_changed.notify_all()
                self._strangers_changed.wait_for(lambda: not self._strangers)

    def finish(self, channel: int, number: int, reply: Frame) -> None:
        """Send the answer to a request; no callback can be sent in its name any more.

        Raises :class:`UnsendableError` when the answer is too large; the request is still open.
        """
        data = pack([channel, number, *reply])
        with self._write_lock:
            self._open_requests.remove((channel, number))
            self._sock.sendall(data)

    def send_in_any_request(self, frame: Frame) -> None:
        """Send a frame in the name of the latest open request, or else of the next one.

        For threads that the candidate's code starts: the judge listens only while it waits for an
        answer. ``frame`` lacks channel and number.
        """
        with self._strangers_changed:
            self._strangers += 1
            try:
                self._strangers_changed.wait_for(lambda: self._open_requests)
                self._sock.sendall(pack([*self._open_requests[-1], *frame]))
            finally:
                self._strangers -= 1
                self._strangers_changed.notify_all()

    def open_channel(self, channel: int) -> None:
        """Make an inbox for a channel that this side opens."""
        self._inboxes[channel] = queue.SimpleQueue()

    def close_channel(self, channel: int) -> None:
        """Drop the inbox of a channel that will not be used again."""
        del self._inboxes[channel]

    def receive(self, channel: int) -> Frame:
        """Wait for the next frame on ``channel``."""
        main = threading.get_ident() == self._main_thread
        # Never waits for the lock: only the reader can hold it, and never gives it back.
        while main and not self._reader_runs and self._read_lock.acquire(blocking=False):
            try:
                frame = self._read_frame()
            finally:
                self._read_lock.release()
            if frame[0] == channel:
                return frame
            self._deliver(frame)
        if not self._reader_runs:
            self._start_reader()
        return self._inboxes[channel].get()

    def _start_reader(self) -> None:
        with self._write_lock:
            if self._reader_runs:
                return
            threading.Thread(target=self._read_forever, daemon=True).start()
            self._reader_runs = True

    def _read_forever(self) -> None:
        try:
            with self._read_lock:
                while True:
                    self._deliver(self._read_frame())
        finally:
            os._exit(GAVE_UP)  # e.g. no more threads; better than to let the judge wait

    def _deliver(self, frame: Frame) -> None:
        channel = frame[0]
        if channel not in self._inboxes:
            self.open_channel(channel)
            self._inboxes[channel].put(frame)
            self._start_reader()
            self._on_new_channel(channel)
            return
        self._inboxes[channel].put(frame)

    def _read_frame(self) -> Frame:
        data = self._at_least(HEADER.size)
        end = HEADER.size + body_length(data[: HEADER.size])
        if len(data) < end:
            data = self._at_least(end)
        self._buffer = data[end:]
        return unpack(data[HEADER.size : end])

    def _at_least(self, count: int) -> bytes:
        if len(self._buffer) < count:
            chunks = [self._buffer]
            missing = count - len(self._buffer)
            while missing > 0:
                chunk = self._sock.recv(65536)
                if not chunk:
                    os._exit(0)  # the judge is gone
                chunks.append(chunk)
                missing -= len(chunk)
            self._buffer = b"".join(chunks)
        return self._buffer
