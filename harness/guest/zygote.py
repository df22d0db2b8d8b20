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
import select
import signal
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from . import absent, box, landlock, layout, lock, modules, namespaces, seccomp, selftest
from .box import CONTROL_FD, Guard
from .codec import MalformedError
from .frames import HEADER, body_length, pack, unpack

BLANK_BOXES = 24
"""Forked before anything is known of the submission. The cases of a level or two: more would
often be for nothing, and later boxes are forked beside the cases that run."""
COMPILE_SECONDS = 5.0
MAX_COMPILED_BYTES = 32 * 1024 * 1024
MAX_ORPHAN_ROUNDS = 1000
THREAD_STACK_BYTES = 2 * 1024 * 1024
SELF_TEST_LIMITS = lock.BoxLimits(cpu_seconds=2, memory_bytes=256 << 20, output_bytes=256 << 10)
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


class CannotLockError(OSError):
    """Sandboxes of this kind are impossible here. ``fault``: a ``harness.errors.SandboxFault``."""

    def __init__(self, text: str, fault: str) -> None:
        super().__init__(text)
        self.fault = fault


class Zygote:
    """Obeys one control connection until it closes."""

    def __init__(self, control: socket.socket, guard: Guard) -> None:
        self._control = control
        self._guard = guard
        self._files: dict[str, str] = {}
        self._submission = box.Submission({}, "", SELF_TEST_LIMITS, b"").to_bytes()
        self._blanks: deque[box.Forked] = deque()
        self._processors: set[int] = (
            os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
        )
        self._others = self._processors
        """Those that the judge is not on."""
        self._boxes: dict[int, int] = {}
        self._opened = 0

    def run(self, hello: dict[str, Any]) -> None:
        """Say hello, then answer control messages until the judge hangs up."""
        commands: dict[str, Callable[[dict[str, Any]], None]] = {
            "file": self._file,
            "load": self._load,
            "open": self._open,
            "pin": self._pin,
            "limit": self._limit,
            "close": self._close,
        }
        try:
            self._reply(hello)
            self._make_blanks()
            while (message := _receive(self._control)) is not None:
                commands[message["op"]](message)
        except ConnectionError:
            pass  # the judge has hung up in the middle of an answer
        finally:
            for number in list(self._boxes):
                self._end(number)
            for blank in self._blanks:
                _kill(blank.pid)

    def self_test(self, forbidden_files: list[str], *, namespaces: bool) -> list[str]:
        """Return what a box of this sandbox could do and must not."""

        def try_them(stream: socket.socket) -> None:
            box.limit(self._guard, SELF_TEST_LIMITS)
            found = selftest.escapes(forbidden_files, namespaces=namespaces)
            stream.sendall(json.dumps(found).encode())

        answer = self._in_box(try_them)
        return json.loads(answer) if answer else ["fail to answer the self-test"]

    def _make_blanks(self) -> None:
        """Fork boxes for what will come, until something comes."""
        waiting = select.poll()
        waiting.register(self._control, select.POLLIN)
        while len(self._blanks) < BLANK_BOXES and not waiting.poll(0):
            self._blanks.append(self._fork_blank())

    def _fork_blank(self) -> box.Forked:
        return box.fork(self._guard, lambda stream: box.serve(self._guard, stream))

    def _file(self, message: dict[str, Any]) -> None:
        name = message["name"]
        self._files[name] = self._files.get(name, "") + message["text"]

    def _load(self, message: dict[str, Any]) -> None:
        files, self._files = self._files, {}
        limits = lock.BoxLimits(**message["limits"])

        def compile_all(stream: socket.socket) -> None:
            box.limit(self._guard, limits)
            stream.sendall(modules.compile_all(files))

        compiled = self._in_box(compile_all)
        self._submission = box.Submission(
            files, message["module"], limits, compiled, message.get("switch_microseconds", 0)
        ).to_bytes()

    def _open(self, message: dict[str, Any]) -> None:
        opened = self._blanks.popleft() if self._blanks else self._fork_blank()
        _move(opened.pid, self._others)  # a blank may be on the judge's
        with contextlib.suppress(OSError):  # a box that has ended already shows in its stream
            opened.stream.sendall(self._submission)
        self._opened += 1
        self._boxes[self._opened] = opened.pid
        descriptors = [opened.stream.fileno(), opened.output]
        self._reply({"box": self._opened, "pid": opened.pid}, descriptors)
        opened.release()

    def _pin(self, message: dict[str, Any]) -> None:
        """Put a box on the judge's processor, and keep this process and later boxes off it.

        The next box follows already now: when its turn comes, this process may have to wait for a
        processor itself, and the judge would wait with it.
        """
        number, processor = message["box"], message["cpu"]
        others = self._processors - {processor}
        if others != self._others:
            self._others = others
            for pid in (0, *self._boxes.values()):
                _move(pid, others)
        for pid in filter(None, map(self._boxes.get, (number, number + 1))):
            _move(pid, {processor})

    def _limit(self, message: dict[str, Any]) -> None:
        lock.give_cpu_seconds(self._boxes[message["box"]], message["cpu_seconds"])

    def _close(self, message: dict[str, Any]) -> None:
        self._reply(self._end(message["box"]))

    def _end(self, number: int) -> dict[str, Any]:
        pid = self._boxes.pop(number)
        reaped, status, usage = os.wait4(pid, os.WNOHANG)
        ended = bool(reaped)
        if not ended:
            _move(pid, self._others)  # its end takes a moment that the judge need not wait for
            _kill(-pid, pid)
            _, status, usage = os.wait4(pid, 0)
            # Its stream closes a moment before it counts as ended; then the signal comes too late.
            ended = os.waitstatus_to_exitcode(status) != -signal.SIGKILL
        if self._guard.lock is None:
            _kill(-pid)
            self._end_orphans()
        return {
            "box": number,
            "ended_itself": ended,
            "exit_code": os.waitstatus_to_exitcode(status),
            "cpu_microseconds": round(1e6 * (usage.ru_utime + usage.ru_stime)),
            "max_rss_kb": usage.ru_maxrss,
        }

    def _end_orphans(self) -> None:
        """Kill what a box without a lock has left running: it is a child of this process by now."""
        ours = {*self._boxes.values(), *(blank.pid for blank in self._blanks)}
        for _ in range(MAX_ORPHAN_ROUNDS):
            orphans = _children() - ours
            if not orphans:
                return
            for pid in orphans:
                _kill(pid)
                os.waitpid(pid, 0)

    def _in_box(self, work: Callable[[socket.socket], None]) -> bytes:
        """Return what ``work`` sends from a box; nothing when it fails or is slow."""
        helper = box.fork(self._guard, work)
        data = _read_until(helper.stream.fileno(), time.monotonic() + COMPILE_SECONDS)
        _kill(helper.pid)
        os.waitpid(helper.pid, 0)
        helper.release()
        return data

    def _reply(self, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
        _reply(self._control, message, descriptors)


def main() -> None:
    """Start the sandbox as the first control message says, and obey the rest of them."""
    lock.close_from(CONTROL_FD + 1)
    sys.dont_write_bytecode = True  # only our own files were to be kept compiled
    gc.disable()
    _set_standard_streams()
    absent.install()
    for name in PRELOADED:
        __import__(name)
    control = socket.socket(fileno=CONTROL_FD)
    started = _start(control)
    if started is not None:
        zygote, hello = started
        zygote.run(hello)


def _start(control: socket.socket) -> tuple[Zygote, dict[str, Any]] | None:
    """Lock the sandbox; None when the judge has gone or knows that it cannot be done.

    The policy names files of the host, so nothing keeps it: boxes are forks of this process.
    """
    policy = _receive(control)
    if policy is None:
        return None
    hello: dict[str, Any] = {"python": _interpreter()}
    try:
        guard = _lock_sandbox(policy)
    except (OSError, ValueError) as error:
        _reply(control, {"failed": _words(error), "fault": getattr(error, "fault", "")})
        return None
    zygote = Zygote(control, guard)
    box.rehearse()
    gc.collect()
    gc.freeze()  # forked boxes then share these pages instead of touching their counters
    if policy["lock"]:
        hello["escapes"] = zygote.self_test(policy["forbidden"], namespaces=policy["namespaces"])
    return zygote, hello


def _words(error: OSError | ValueError) -> str:
    """What failed, without the number, which says nothing to a person."""
    if not isinstance(error, OSError) or isinstance(error, CannotLockError):
        return str(error)
    place = f"{error.filename}: " if error.filename else ""
    return place + (error.strerror or str(error))


def _lock_sandbox(policy: dict[str, Any]) -> Guard:
    """Apply what the tier asks for. Raises :class:`OSError` when anything of it fails."""
    parent = policy["parent"]
    if os.getsid(0) != os.getpid():  # the first process of a container leads a session already
        os.setsid()
    lock.die_with_parent(parent)
    baseline = lock.own_address_space()
    lock.set_standing_limits()
    threading.stack_size(THREAD_STACK_BYTES)
    if not policy["lock"]:
        lock.adopt_orphans()
        return Guard(None, False, baseline)
    require_locks()
    if not baseline:
        raise OSError(2, "/proc does not say how much memory a process has")
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
        raise CannotLockError(
            "only root can read the folder of the interpreter", "private_interpreter"
        )
    lock.forbid_new_privileges()
    box_lock = lock.make_box_lock(layout.without(readable, masked))
    landlock.restrict_self(box_lock.ruleset)
    owns_uid = policy["owns_uid"] or policy["namespaces"] or became
    return Guard(box_lock, owns_uid, baseline)


def require_locks() -> None:
    """Raise :class:`CannotLockError` on a machine that lacks one of our locks."""
    if not seccomp.is_supported():
        raise CannotLockError("the system calls of this processor are unknown", "unknown_processor")
    if landlock.abi_version() < 1:
        raise CannotLockError("the kernel has no Landlock (5.13 and newer have)", "no_landlock")


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
    """Kill processes, or groups by their negative numbers, that may be gone already."""
    for target in targets:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(target, signal.SIGKILL)


def _move(pid: int, processors: set[int]) -> None:
    """Let a process (0: this one) run on ``processors`` only, where that can be chosen."""
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):
            os.sched_setaffinity(pid, processors)


def _children() -> set[int]:
    """Return the children of this process; empty where the system does not list them."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as listing:
            return {int(pid) for pid in listing.read().split()}
    except OSError:
        return set()


def _set_standard_streams() -> None:
    """Set how text is encoded; the boxes inherit the streams, with files of their own below."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


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
