"""The judge's end of a box's stream: bounded, with one deadline, shared by the suite's threads.

Mirrors :mod:`harness.guest.connection`, but trusts nothing: whatever the box does, a receive ends
with a frame or with a :class:`BoxFault` by the deadline.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import queue
import select
import socket
import threading
import time
from collections.abc import Callable

from harness.guest.codec import MalformedError
from harness.guest.connection import MAIN_CHANNEL, NOTICE, NOTICE_CHANNEL, THREADS
from harness.guest.frames import Frame, FrameReader
from harness.guest.libc import library
from harness.guest.server import MAX_CALLERS
from harness.model.judgement import Verdict

MAX_UNREAD_BYTES = 16 * 1024 * 1024
"""What may lie in all inboxes together; more than honest threads ever leave there."""

READER = "reader of a box"
"""Name of the thread that reads for the others; it ends with its box."""
TOO_SLOW = "the time limit was reached"
_READ_BYTES = 1 << 16
_FRAME_OVERHEAD = 1024
"""What a waiting frame counts on top of its bytes, so that many tiny ones count too."""

_Inbox = queue.SimpleQueue[tuple[Frame, int] | None]
"""Frames with their sizes; None wakes a thread up to see the fault."""


_NUMBER_BYTES = 6
_NUMBERS_AT_ONCE = 16


class BoxFault(BaseException):
    """The box cannot be used any more: too slow, dead, or against the protocol.

    No :class:`Exception`, so that a suite's ``except Exception`` does not swallow it.
    """

    def __init__(self, verdict: Verdict, text: str) -> None:
        super().__init__(text)
        self.verdict = verdict
        self.text = text

    def again(self) -> BoxFault:
        """Return one to raise once more: the same one would keep the traceback of each time."""
        return BoxFault(self.verdict, self.text)


class Link:
    """Sends bytes and receives frames, one inbox per channel. Safe for several threads.

    ``own_threads``: how many threads of this process have nothing to do with suites.
    """

    def __init__(
        self, sock: socket.socket, deadline: float, too_slow: str = TOO_SLOW, own_threads: int = 0
    ) -> None:
        sock.setblocking(False)
        self._sock = sock
        self.deadline = deadline
        """``time.monotonic()`` by which everything must be over."""
        self.too_slow = too_slow
        """The text of the fault at the deadline."""
        self.fault: BoxFault | None = None
        """The first fault; once set, every call raises it."""
        self.on_new_channel: Callable[[int], None] | None = None
        """Called with each channel that the box opens; without it, it may open none."""
        self._readable = select.poll()
        self._readable.register(sock, select.POLLIN)
        self._writable = select.poll()
        self._writable.register(sock, select.POLLOUT)
        self._frames = FrameReader(self._read_some)
        self._main_thread = threading.get_ident()
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()
        # Taken again by the thread that has it when the alarm rings within.
        self._state_lock = threading.RLock()
        self._inboxes: dict[int, _Inbox] = {MAIN_CHANNEL: queue.SimpleQueue()}
        self._unread_bytes = 0
        self._reader_runs = False
        self._own_threads = own_threads
        self._notice = NOTICE
        self._numbers: list[int] = []

    def fail(self, verdict: Verdict, text: str) -> BoxFault:
        """Record a fault, wake every waiting thread, and return the fault to raise."""
        with self._state_lock:
            if self.fault is None:
                self.fault = BoxFault(verdict, text)
                self._wake_all()
            return self.fault

    def close(self, fault: BoxFault) -> None:
        """Make every later use raise ``fault``, and wake every waiting thread."""
        with self._state_lock:
            self.fault = fault
            self._wake_all()

    def violation(self, text: str) -> BoxFault:
        """Record that the box broke the protocol, and return the fault to raise."""
        return self.fail(Verdict.RUNTIME_ERROR, f"the box broke the protocol: {text}")

    def new_number(self) -> int:
        """Return a number that the box cannot foresee, as it could those of `random`."""
        while True:
            try:
                return self._numbers.pop()
            except IndexError:
                # In bulk, since a call of the system takes longer than the rest.
                drawn = os.urandom(_NUMBER_BYTES * _NUMBERS_AT_ONCE)
                steps = range(0, len(drawn), _NUMBER_BYTES)
                self._numbers += [int.from_bytes(drawn[n : n + _NUMBER_BYTES]) for n in steps]

    def is_at_rest(self) -> bool:
        """Tell whether another link may take over: nothing reads, and nothing is left unread."""
        return not (self._reader_runs or self._unread_bytes or self._frames.has_more)

    def open_channel(self, channel: int) -> None:
        """Expect frames on ``channel`` from now on."""
        self._inboxes[channel] = queue.SimpleQueue()

    def send(self, data: bytes) -> None:
        """Send all bytes. Raises :class:`BoxFault`."""
        with self._write_lock:
            if self.fault is not None:  # asked for inside: half a frame may have been sent
                raise self.fault.again()
            if self._notice and _thread._count() > self._own_threads:
                data = self._notice + data
                self._notice = b""
            while data:
                try:
                    data = data[self._sock.send(data) :]
                except BlockingIOError:
                    self._wait(self._writable)
                except OSError:
                    raise self._ended() from None

    def receive(self, channel: int) -> tuple[Frame, int]:
        """Return the next frame on ``channel`` and its size in bytes. Raises :class:`BoxFault`."""
        if self.fault is not None:
            raise self.fault.again()
        inbox = self._inboxes[channel]
        main = threading.get_ident() == self._main_thread
        while main and not self._reader_runs and inbox.empty():
            # Never waits for the lock: only the reader can hold it, and never gives it back.
            if not self._read_lock.acquire(blocking=False):
                break
            try:
                frame, size = self._read_frame()
                if frame[0] == channel:
                    return frame, size
                self._deliver(frame, size)
            finally:
                self._read_lock.release()
        if not self._reader_runs and inbox.empty():
            self._start_reader()
        return self._take(channel)

    def _take(self, channel: int) -> tuple[Frame, int]:
        try:
            received = self._inboxes[channel].get(timeout=max(0.0, self._seconds_left()))
        except queue.Empty:
            raise self._too_slow() from None
        if received is None:
            assert self.fault is not None
            raise self.fault.again()
        with self._state_lock:
            self._unread_bytes -= received[1] + _FRAME_OVERHEAD
        return received

    def _start_reader(self) -> None:
        with self._write_lock:
            if self._reader_runs:
                return
            self._reader_runs = True
        threading.Thread(target=self._read_until_fault, name=READER, daemon=True).start()

    def _read_until_fault(self) -> None:
        with self._read_lock:
            try:
                while True:
                    self._deliver(*self._read_frame())
            except BoxFault:
                return  # it is recorded, and every inbox was woken

    def _deliver(self, frame: Frame, size: int) -> None:
        """Put the frame just read where its thread finds it."""
        if frame == THREADS:
            self._start_reader()
            return
        channel = frame[0]
        opened = -MAX_CALLERS <= channel < NOTICE_CHANNEL and channel not in self._inboxes
        if opened and self.on_new_channel is not None:
            self.open_channel(channel)
        inbox = self._inboxes.get(channel)
        if inbox is None:
            raise self.violation("a frame on a channel that is not open")
        with self._state_lock:
            self._unread_bytes += size + _FRAME_OVERHEAD
        if self._unread_bytes > MAX_UNREAD_BYTES:
            raise self.violation("more frames than any thread waits for")
        inbox.put((frame, size))
        if opened and self.on_new_channel is not None:
            self.on_new_channel(channel)

    def _read_frame(self) -> tuple[Frame, int]:
        try:
            frame, size = self._frames.next()
        except MalformedError as error:
            raise self.violation(str(error)) from None
        if len(frame) < 3 or type(frame[0]) is not int or type(frame[1]) is not int:
            raise self.violation("a frame without channel and number")
        return frame, size

    def _read_some(self) -> bytes:
        self._wait(self._readable)
        try:
            chunk = self._sock.recv(_READ_BYTES)
        except OSError:
            chunk = b""
        if not chunk:
            raise self._ended()
        return chunk

    def _wait(self, ready: select.poll) -> None:
        left = self._seconds_left()
        if left <= 0 or not ready.poll(left * 1000):
            raise self._too_slow()

    def _seconds_left(self) -> float:
        return self.deadline - time.monotonic()

    def _too_slow(self) -> BoxFault:
        return self.fail(Verdict.TIME_LIMIT, self.too_slow)

    def _ended(self) -> BoxFault:
        return self.fail(Verdict.RUNTIME_ERROR, "the solution ended its process")

    def _wake_all(self) -> None:
        for inbox in list(self._inboxes.values()):
            inbox.put(None)


class SharedProcessor:
    """Keeps the judge and the current box on one processor while they talk.

    A call then is two switches on one processor instead of two wake-ups of idle ones. Between
    cases the judge is free to move, so that it never stays beside something busy. Does nothing on
    one processor, or where it cannot be chosen.
    """

    def __init__(self) -> None:
        can_choose = hasattr(os, "sched_getaffinity")
        self._allowed: set[int] = os.sched_getaffinity(0) if can_choose else set()

    def current(self) -> int | None:
        """Return the processor that the calling thread runs on, None when there is no choice."""
        return int(library().sched_getcpu()) if len(self._allowed) > 1 else None

    def stay(self) -> int | None:
        """Pin the calling thread to the processor it runs on, and return that one's number."""
        processor = self.current()
        if processor is not None:
            try:
                os.sched_setaffinity(0, {processor})
            except OSError:
                return None
        return processor

    def leave(self) -> None:
        """Let the calling thread run anywhere again."""
        if len(self._allowed) > 1:
            with contextlib.suppress(OSError):
                os.sched_setaffinity(0, self._allowed)
