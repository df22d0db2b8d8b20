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

    def send(self, frame: Frame) -> None:
        """Send one whole frame; the bytes exist before the first one leaves."""
        data = pack(frame)
        with self._write_lock:
            self._sock.sendall(data)

    def open_channel(self, channel: int) -> None:
        """Make an inbox for a channel that this side opens."""
        self._inboxes[channel] = queue.SimpleQueue()

    def close_channel(self, channel: int) -> None:
        """Drop the inbox of a channel that will not be used again."""
        del self._inboxes[channel]

    def receive(self, channel: int) -> Frame:
        """Wait for the next frame on ``channel``."""
        main = threading.get_ident() == self._main_thread
        while main and not self._reader_runs:
            with self._read_lock:
                if self._reader_runs:
                    break
                frame = self._read_frame()
            if frame[0] == channel:
                return frame
            self._deliver(frame)
        if not main:
            self._start_reader()
        return self._inboxes[channel].get()

    def _start_reader(self) -> None:
        with self._write_lock:
            if self._reader_runs:
                return
            self._reader_runs = True
        threading.Thread(target=self._read_forever, daemon=True).start()

    def _read_forever(self) -> None:
        with self._read_lock:
            while True:
                self._deliver(self._read_frame())

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
        data = self._at_least(end)
        self._buffer = data[end:]
        return unpack(data[HEADER.size : end])

    def _at_least(self, count: int) -> bytes:
        data = self._buffer
        while len(data) < count:
            chunk = self._sock.recv(65536)
            if not chunk:
                os._exit(0)  # the judge is gone, and nobody is left to talk to
            data += chunk
        self._buffer = data
        return data
