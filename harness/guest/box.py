"""A box: a forked child of the zygote that is locked first and gets its work afterwards.

So boxes can be made ahead, before anybody knows what they will be for.
"""

from __future__ import annotations

import _thread
import gc
import marshal
import os
import random
import socket
import struct
import sys
import types
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from . import landlock, lock, modules, traits
from .connection import GAVE_UP, MAIN_CHANNEL
from .frames import LOCK_FAILED, pack
from .server import MODULE_HANDLE, Server
from .sources import Sources
from .unnamed_files import unnamed_file

CONTROL_FD = 3
STREAM_FD = 4
_REHEARSED_REQUESTS = 16
_LENGTH = struct.Struct("!Q")


class Guard(NamedTuple):
    """What keeps the boxes of one sandbox apart from the rest of the machine."""

    lock: lock.BoxLock | None
    """None in the plain process tier."""
    owns_uid: bool
    """Whether no process outside of the sandbox counts as this user's."""
    baseline: int
    """Bytes of address space that a box has before it does anything."""


class Submission(NamedTuple):
    """What a box imports and serves."""

    files: dict[str, str]
    module: str
    limits: lock.BoxLimits
    compiled: bytes
    switch_microseconds: int = 0
    """How long a thread runs before another may; 0 for the usual time."""

    def to_bytes(self) -> bytes:
        """Return what :meth:`receive` reads."""
        data = marshal.dumps((*self[:2], tuple(self.limits), *self[3:]))
        return _LENGTH.pack(len(data)) + data

    @classmethod
    def receive(cls, stream: socket.socket) -> Submission:
        """Wait for a submission; ends the process when the zygote hangs up instead."""
        (length,) = _LENGTH.unpack(_receive_exactly(stream, _LENGTH.size))
        files, module, limits, *others = marshal.loads(_receive_exactly(stream, length))
        return cls(files, module, lock.BoxLimits(*limits), *others)


class Forked(NamedTuple):
    """The zygote's view of a box."""

    pid: int
    stream: socket.socket
    """Our end; the box has the other one."""
    output: int
    """Descriptor of the file that takes what the box prints."""

    def release(self) -> None:
        """Let go of the descriptors, once somebody else has them."""
        self.stream.close()
        os.close(self.output)


def fork(guard: Guard, work: Callable[[socket.socket], None]) -> Forked:
    """Fork a box that locks itself and then does ``work`` with its end of the stream."""
    ours, theirs = socket.socketpair()
    output = unnamed_file()
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        _live(guard, zygote, theirs.fileno(), output, work)
    theirs.close()
    return Forked(pid, ours, output)


def serve(guard: Guard, stream: socket.socket) -> None:
    """Wait for a submission, then import it and answer the judge's requests.

    In a box that serves several cases, each has modules of its own. What the last one made is kept,
    and not looked at again: its finalizers run no more than those of a case whose box ends.
    """
    gc.enable()
    random.seed(0)
    recursion = sys.getrecursionlimit()
    submission = Submission.receive(stream)
    limit(guard, submission.limits)
    if submission.switch_microseconds:
        sys.setswitchinterval(submission.switch_microseconds / 1e6)
    finder = modules.CandidateFinder(submission.files, modules.load_compiled(submission.compiled))
    sources = Sources(submission.files)
    asked = 0
    ended: list[object] = []
    while True:
        server = Server(stream, sources)
        try:
            module = modules.import_candidate(submission.module, finder)
        except BaseException as error:
            server.announce_failure(error, asked)
        else:
            server.announce(module, asked)
        asked = server.serve()
        if _thread._count():
            return  # they would go on in the next case
        ended += [server, *finder.forget()]
        gc.freeze()
        gc.enable()
        random.seed(0)
        sys.setrecursionlimit(recursion)
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__


def rehearse() -> None:
    """Serve requests of our own, before there are boxes.

    The interpreter adapts code to what it meets and fills caches. Forked boxes then find that done,
    instead of each doing it, on memory pages that it would have to copy for that.
    """
    for kind in (type, types.FunctionType):  # what every suite asks for
        traits.kind_of(kind)
    judge, stream = socket.socketpair()
    with judge, stream:
        judge.sendall(Submission({}, "", lock.BoxLimits(0, 0, 0), b"").to_bytes())
        Submission.receive(stream)
        server = Server(stream, Sources({}))
        server.announce([])
        for number in range(_REHEARSED_REQUESTS):
            values = ["text", number, None, [1], {"d": ["key", {"f": "0x1.8p+0"}]}]
            judge.sendall(
                pack([MAIN_CHANNEL, number, "call", MODULE_HANDLE, "append", [values], {}])
            )
            server.serve_once()
        judge.sendall(pack([MAIN_CHANNEL, 0, "call", MODULE_HANDLE, "copy", [], {}]))
        server.serve_once()


def limit(guard: Guard, limits: lock.BoxLimits) -> None:
    """Put the limits of a submission on the calling box, which ends if that fails."""
    try:
        lock.set_limits(limits, guard.baseline)
    except BaseException:
        os._exit(LOCK_FAILED)


def _live(
    guard: Guard, zygote: int, stream: int, output: int, work: Callable[[socket.socket], None]
) -> NoReturn:
    try:
        try:
            _lock(guard, zygote, stream, output)
        except BaseException:
            os._exit(LOCK_FAILED)
        work(socket.socket(fileno=STREAM_FD))
        os._exit(0)
    finally:
        os._exit(GAVE_UP)


def _lock(guard: Guard, zygote: int, stream: int, output: int) -> None:
    """Leave the forked child nothing but its stream and its output, then lock it."""
    lock.die_with_parent(zygote)
    os.setsid()
    # Its own, not one shared with the zygote: boxes could see each other's status flags.
    null = os.open(os.devnull, os.O_RDONLY)
    if guard.lock is not None:
        landlock.restrict_self(guard.lock.ruleset)
    for source, target in ((null, 0), (output, 1), (output, 2), (stream, STREAM_FD)):
        os.dup2(source, target)
    lock.close_from(STREAM_FD + 1)
    os.close(CONTROL_FD)
    lock.set_box_limits(owns_uid=guard.owns_uid)
    if guard.lock is not None:
        guard.lock.close_on()


def _receive_exactly(stream: socket.socket, count: int) -> bytes:
    data = stream.recv(count, socket.MSG_WAITALL)
    while len(data) < count:
        chunk = stream.recv(count - len(data), socket.MSG_WAITALL)
        if not chunk:
            os._exit(0)
        data += chunk
    return data
