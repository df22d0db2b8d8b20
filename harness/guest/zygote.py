"""The trusted process inside the sandbox: it never runs candidate code, but forks those that do.

It starts before anything is known about the submission, takes its policy as the first control
message, locks itself, and then obeys the judge (``docs/wire.md``, "Control"): ``load`` a
submission, ``open`` a box, ``close`` it.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import random
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from . import landlock, layout, lock, modules, namespaces, selftest
from .codec import MalformedError
from .files import unnamed_file
from .frames import HEADER, body_length, pack, unpack
from .server import Server

CONTROL_FD = 3
STREAM_FD = 4
COMPILE_SECONDS = 5.0
MAX_COMPILED_BYTES = 32 * 1024 * 1024
THREAD_STACK_BYTES = 2 * 1024 * 1024
MAX_ORPHAN_ROUNDS = 1000
OUTSIDE = 0
"""What ``getppid`` says of a parent in another namespace."""
PRELOADED = (
    "abc",
    "bisect",
    "collections",
    "collections.abc",
    "contextlib",
    "copy",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "heapq",
    "itertools",
    "json",
    "math",
    "operator",
    "queue",
    "random",
    "re",
    "string",
    "threading",
    "time",
    "types",
    "typing",
)
"""What solutions commonly import; loaded once here instead of once per case."""


class Guard(NamedTuple):
    """What keeps the boxes of this sandbox apart from the rest of the machine."""

    lock: lock.BoxLock | None
    """None in the plain process tier."""
    owns_uid: bool
    """Whether no process outside of the sandbox counts as this user's."""
    baseline: int
    """Bytes of address space that a box has before it does anything."""


class Zygote:
    """Obeys one control connection until it closes."""

    def __init__(self, control: socket.socket, guard: Guard) -> None:
        self._control = control
        self._guard = guard
        self._files: dict[str, str] = {}
        self._incoming: dict[str, str] = {}
        self._module = ""
        self._limits = lock.BoxLimits(2, 256 << 20, 256 << 10)
        self._compiled = b""
        self._processors: set[int] = (
            os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
        )
        self._boxes: dict[int, int] = {}
        self._opened = 0

    def run(self, hello: dict[str, Any]) -> None:
        """Say hello, then answer control messages until the judge hangs up."""
        commands: dict[str, Callable[[dict[str, Any]], None]] = {
            "file": self._file,
            "load": self._load,
            "open": self._open,
            "pin": self._pin,
            "close": self._close,
        }
        try:
            self._reply(hello)
            while (message := _receive(self._control)) is not None:
                commands[message["op"]](message)
        except ConnectionError:
            pass  # the judge has hung up in the middle of an answer
        finally:
            for box in list(self._boxes):
                self._end(box)

    def self_test(self, forbidden_files: list[str]) -> list[str]:
        """Return what a box of this sandbox could do and must not."""
        answer = self._in_box(lambda: json.dumps(selftest.escapes(forbidden_files)).encode())
        return json.loads(answer) if answer else ["fail to answer the self-test"]

    def _file(self, message: dict[str, Any]) -> None:
        self._incoming[message["name"]] = message["text"]

    def _load(self, message: dict[str, Any]) -> None:
        self._files, self._incoming = self._incoming, {}
        self._module = message["module"]
        self._limits = lock.BoxLimits(*message["limits"])
        self._compiled = self._in_box(lambda: modules.compile_all(self._files))
        gc.freeze()  # forked boxes then share these pages instead of touching their counters

    def _open(self, message: dict[str, Any]) -> None:
        ours, theirs = socket.socketpair()
        output = unnamed_file()
        self._opened += 1
        box = self._opened
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_box(zygote, theirs.fileno(), output)
        theirs.close()
        self._boxes[box] = pid
        self._reply({"box": box, "pid": pid}, [ours.fileno(), output])
        ours.close()
        os.close(output)

    def _pin(self, message: dict[str, Any]) -> None:
        """Put a box on the judge's processor, and keep this process and new boxes off it."""
        if hasattr(os, "sched_setaffinity"):
            with contextlib.suppress(OSError):
                os.sched_setaffinity(self._boxes[message["box"]], {message["cpu"]})
                os.sched_setaffinity(0, self._processors - {message["cpu"]})

    def _close(self, message: dict[str, Any]) -> None:
        self._reply(self._end(message["box"]))

    def _end(self, box: int) -> dict[str, Any]:
        pid = self._boxes.pop(box)
        reaped, status, usage = os.wait4(pid, os.WNOHANG)
        ended = bool(reaped)
        if not ended:
            _kill(-pid, pid)
            _, status, usage = os.wait4(pid, 0)
            # Its stream closes a moment before it counts as ended; then the signal comes too late.
            ended = os.waitstatus_to_exitcode(status) != -signal.SIGKILL
        if self._guard.lock is None:
            _kill(-pid)
            self._end_orphans()
        return {
            "box": box,
            "ended_itself": ended,
            "exit_code": os.waitstatus_to_exitcode(status),
            "cpu_microseconds": round(1e6 * (usage.ru_utime + usage.ru_stime)),
            "max_rss_kb": usage.ru_maxrss,
        }

    def _end_orphans(self) -> None:
        """Kill what a box without a lock has left running: they are children of ours by now."""
        for _ in range(MAX_ORPHAN_ROUNDS):
            orphans = _children() - set(self._boxes.values())
            if not orphans:
                return
            for pid in orphans:
                _kill(pid)
                os.waitpid(pid, 0)

    def _become_box(self, zygote: int, stream: int, output: int) -> NoReturn:
        """Turn the forked child into a locked box that imports the solution and serves it."""
        try:
            self._lock_box(zygote, stream, output)
        except BaseException:
            os._exit(lock.LOCK_FAILED)
        try:
            gc.enable()
            finder = modules.CandidateFinder(self._files, modules.load_compiled(self._compiled))
            random.seed(0)
            server = Server(socket.socket(fileno=STREAM_FD), finder.is_candidate_file)
            try:
                module = modules.import_candidate(self._module, finder)
            except BaseException as error:
                server.announce_failure(error)
            else:
                lock.lower_cpu_limit(self._limits.cpu_seconds)
                server.announce(module)
            server.serve()
        finally:
            os._exit(70)

    def _lock_box(self, zygote: int, stream: int, output: int) -> None:
        """Leave the forked child nothing but its stream and its output, then lock it."""
        lock.die_with_parent(zygote)
        os.setsid()
        # Its own, not one shared with the zygote: boxes could see each other's status flags.
        null = os.open(os.devnull, os.O_RDONLY)
        if self._guard.lock is not None:
            landlock.restrict_self(self._guard.lock.ruleset)
        for source, target in ((null, 0), (output, 1), (output, 2), (stream, STREAM_FD)):
            os.dup2(source, target)
        lock.close_from(STREAM_FD + 1)
        os.close(CONTROL_FD)
        threading.stack_size(THREAD_STACK_BYTES)
        lock.set_limits(self._limits, self._guard.baseline, owns_uid=self._guard.owns_uid)
        if self._guard.lock is not None:
            self._guard.lock.close_on()

    def _in_box(self, work: Callable[[], bytes]) -> bytes:
        """Do ``work`` in a locked child and return its bytes, empty when it fails or is slow."""
        read_end, write_end = os.pipe()
        output = unnamed_file()
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                self._lock_box(zygote, write_end, output)
                with open(STREAM_FD, "wb") as stream:
                    stream.write(work())
                os._exit(0)
            finally:
                os._exit(70)
        os.close(write_end)
        os.close(output)
        data = _read_until(read_end, time.monotonic() + COMPILE_SECONDS)
        os.close(read_end)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return data

    def _reply(self, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
        _reply(self._control, message, descriptors)


def main() -> None:
    """Start the sandbox as the first control message says, and obey the rest of them."""
    lock.close_from(CONTROL_FD + 1)
    sys.dont_write_bytecode = True  # only our own files were to be kept compiled
    gc.disable()
    _set_standard_streams()
    for name in PRELOADED:
        __import__(name)
    control = socket.socket(fileno=CONTROL_FD)
    started = _start(control)
    if started is not None:
        zygote, hello = started
        zygote.run(hello)


def _start(control: socket.socket) -> tuple[Zygote, dict[str, Any]] | None:
    """Lock the sandbox; None when the judge has gone or was told that it cannot be done.

    The policy names files of the host, so nothing keeps it: boxes are forks of this process.
    """
    policy = _receive(control)
    if policy is None:
        return None
    hello: dict[str, Any] = {"python": _interpreter()}
    try:
        guard = _lock_sandbox(policy)
    except OSError as error:
        _reply(control, {"failed": str(error)})
        return None
    zygote = Zygote(control, guard)
    gc.collect()
    if policy["lock"]:
        hello["escapes"] = zygote.self_test(policy["forbidden"])
    return zygote, hello


def _lock_sandbox(policy: dict[str, Any]) -> Guard:
    """Apply what the tier asks for. Raises :class:`OSError` when anything of it fails."""
    parent = policy["parent"]
    os.setsid()
    lock.die_with_parent(parent)
    baseline = lock.own_address_space()
    if not policy["lock"]:
        lock.adopt_orphans()
        return Guard(None, False, baseline)
    if not baseline:
        raise OSError(2, "/proc does not tell how much memory a process has")
    readable = layout.readable_paths()
    masked = layout.masked_paths(readable, policy["protected"])
    if policy["namespaces"]:
        namespaces.enter()
        _continue_in_child()
        parent = OUTSIDE
        lock.die_with_parent(parent)
        namespaces.build_root(readable, masked)
    became = _drop_root(policy["uid"])
    lock.drop_capabilities()
    lock.die_with_parent(parent)  # a change of uid has cleared it
    lock.hide_from_debuggers()
    os.umask(0o077)
    os.chdir("/")
    if not os.access(layout.standard_library(), os.R_OK | os.X_OK):
        raise OSError(13, "the interpreter lies in a folder that only root can read")
    lock.forbid_new_privileges()
    box_lock = lock.make_box_lock(layout.without(readable, masked))
    landlock.restrict_self(box_lock.ruleset)
    return Guard(box_lock, bool(policy["namespaces"]) or became, baseline)


def _interpreter() -> str:
    """Name and version; importing ``platform`` for that would cost a millisecond."""
    name = {"cpython": "CPython", "pypy": "PyPy"}.get(sys.implementation.name, "Python")
    return f"{name} {sys.version.split()[0]}"


def _continue_in_child() -> None:
    """Fork, so that the child is process 1 of the new namespaces; the parent waits for it."""
    pid = os.fork()
    if pid == 0:
        return
    os.close(CONTROL_FD)
    _, status = os.waitpid(pid, 0)
    os._exit(status and 1)


def _drop_root(uid: int) -> bool:
    """Become ``uid`` if this is root; returns whether it was."""
    if 0 not in os.getresuid():
        return False
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    return True


def _kill(*targets: int) -> None:
    """Kill processes, or groups told by their negative numbers, that may be gone already."""
    for target in targets:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(target, signal.SIGKILL)


def _children() -> set[int]:
    """The children of this process, where the system tells them."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as listing:
            return {int(pid) for pid in listing.read().split()}
    except OSError:
        return set()


def _set_standard_streams() -> None:
    """Line by line, so that what was printed is there even if the box is killed.

    Done once: the boxes inherit the objects, and put their own files under the descriptors.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


def _read_until(descriptor: int, deadline: float) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while (left := deadline - time.monotonic()) > 0 and size <= MAX_COMPILED_BYTES:
        if not select.select([descriptor], [], [], left)[0]:
            break
        chunk = os.read(descriptor, 1 << 20)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)
        size += len(chunk)
    return b""


def _reply(
    control: socket.socket, message: dict[str, Any], descriptors: list[int] | None = None
) -> None:
    socket.send_fds(control, [pack([message])], descriptors or [])


def _receive(control: socket.socket) -> dict[str, Any] | None:
    """Return the next message, None when the judge has hung up."""
    header = _receive_exactly(control, HEADER.size)
    if header is None:
        return None
    body = _receive_exactly(control, body_length(header))
    if body is None:
        return None
    (message,) = unpack(body)
    if type(message) is not dict:
        raise MalformedError("a control message that is not an object")
    return message


def _receive_exactly(sock: socket.socket, count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        chunk = sock.recv(min(count - len(data), 1 << 20))
        if not chunk:
            return None
        data += chunk
    return data
