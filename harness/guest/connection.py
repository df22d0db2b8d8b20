"""The box's end of the wire: frames in and out, shared by all threads of the box.

As long as one thread serves, it reads the socket itself: no hand-over, no wake-up. A reader sorts
frames into one inbox per channel as soon as another thread takes part, here or in the judge.
"""

from __future__ import annotations

import _thread
import os
import queue
import socket
import threading
from collections.abc import Callable

from .frames import Frame, FrameReader, pack

MAIN_CHANNEL = 1
NOTICE_CHANNEL = 0
THREADS: Frame = [NOTICE_CHANNEL, 0, "threads"]
"""Tells the other end to read all the time: frames may come that it does not wait for."""
NOTICE = pack(THREADS)
GAVE_UP = 70
"""Exit code of a box whose guest cannot go on."""


class Connection:
    """One duplex stream, many channels. ``on_new_channel`` is called once for each new one."""

    def __init__(self, sock: socket.socket, on_new_channel: Callable[[int], None]) -> None:
        self._sock = sock
        self._on_new_channel = on_new_channel
        self._frames = FrameReader(self._read_some)
        self._main_thread = threading.get_ident()
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()
        self._inboxes: dict[int, queue.SimpleQueue[Frame]] = {MAIN_CHANNEL: queue.SimpleQueue()}
        self._reader_runs = False
        self._notice: bytes | None = None

    def announce_threads(self) -> None:
        """Send the notice before the next frame that follows the start of a thread."""
        if self._notice is None:
            self._notice = NOTICE

    def send(self, frame: Frame) -> None:
        """Send one whole frame; the bytes exist before the first one leaves.

        Raises :class:`UnsendableError` when it is too large; nothing is sent then.
        """
        data = pack(frame)
        with self._write_lock:
            if self._notice and _thread._count():
                data = self._notice + data
                self._notice = b""
            self._sock.sendall(data)

    def open_channel(self, channel: int) -> None:
        """Make an inbox for a channel that this side opens, unless it has one."""
        self._inboxes.setdefault(channel, queue.SimpleQueue())

    def receive(self, channel: int) -> Frame:
        """Wait for the next frame on ``channel``."""
        inbox = self._inboxes[channel]
        main = threading.get_ident() == self._main_thread
        # It may have been taken in on another channel: a finalizer can call back.
        while main and not self._reader_runs and inbox.empty():
            # Never waits for the lock: only the reader can hold it, and never gives it back.
            if not self._read_lock.acquire(blocking=False):
                break
            try:
                frame, _ = self._frames.next()
            finally:
                self._read_lock.release()
            if frame[0] == channel:
                return frame
            self._deliver(frame)
        if not self._reader_runs and inbox.empty():
            self._start_reader()
        return inbox.get()

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
                    self._deliver(self._frames.next()[0])
        finally:
            os._exit(GAVE_UP)  # e.g. no more threads; better than to let the judge wait

    def _deliver(self, frame: Frame) -> None:
        channel = frame[0]
        if channel == NOTICE_CHANNEL:
            self._start_reader()
            return
        known = channel in self._inboxes
        self.open_channel(channel)
        self._inboxes[channel].put(frame)
        if not known:
            self._start_reader()
            self._on_new_channel(channel)

    def _read_some(self) -> bytes:
        chunk = self._sock.recv(65536)
        if not chunk:
            os._exit(0)  # the judge is gone
        return chunk
