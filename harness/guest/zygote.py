"""The trusted process inside the sandbox: it never runs candidate code, but forks those that do.

It starts before anything is known about the submission, locks itself, and then obeys the judge's
control messages (``docs/wire.md``, "Control"): ``load`` a submission, ``open`` a box, ``close`` it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import platform
import random
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

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


class Zygote:
    """Obeys one control connection until it closes."""

    def __init__(self, control: socket.socket, *, locked: bool, owns_uid: bool, baseline: int):
        self._control = control
        self._locked = locked
        self._owns_uid = owns_uid
        self._baseline = baseline
        self._null = os.open("/dev/null", os.O_RDONLY)
        self._files: dict[str, str] = {}
        self._module = ""
        self._limits = lock.BoxLimits(2, 256 << 20, 256 << 10)
        self._compiled = b""
        self._boxes: dict[int, int] = {}
        self._opened = 0

    def run(self, hello: dict[str, Any], forbidden_files: list[str]) -> None:
        """Say hello, then answer control messages until the judge hangs up."""
        if self._locked:
            hello["escapes"] = self._self_test(forbidden_files)
        self._reply(hello)
        commands: dict[str, Callable[[dict[str, Any]], None]] = {
            "file": self._file,
            "load": self._load,
            "open": self._open,
            "pin": self._pin,
            "close": self._close,
        }
        while (message := self._receive()) is not None:
            commands[message["op"]](message)
        for box in list(self._boxes):
            self._end(box)

    def _file(self, message: dict[str, Any]) -> None:
        self._files[message["name"]] = message["text"]

    def _load(self, message: dict[str, Any]) -> None:
        self._module = message["module"]
        self._limits = lock.BoxLimits(*message["limits"])
        self._compiled = self._in_box(lambda: modules.compile_all(self._files))
        gc.freeze()  # forked boxes then share these pages instead of touching their counters

    def _open(self, message: dict[str, Any]) -> None:
        ours, theirs = socket.socketpair()
        output = unnamed_file()
        self._opened += 1
        box = self._opened
        pid = os.fork()
        if pid == 0:
            self._become_box(theirs, output)
        theirs.close()
        self._boxes[box] = pid
        self._reply({"box": box, "pid": pid}, [ours.fileno(), output])
        ours.close()
        os.close(output)

    def _pin(self, message: dict[str, Any]) -> None:
        """Put a box on the judge's processor: a call then costs no wake-up of an idle one."""
        if hasattr(os, "sched_setaffinity"):
            with contextlib.suppress(OSError):
                os.sched_setaffinity(self._boxes[message["box"]], {message["cpu"]})

    def _close(self, message: dict[str, Any]) -> None:
        self._reply(self._end(message["box"]))

    def _end(self, box: int) -> dict[str, Any]:
        pid = self._boxes.pop(box)
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if not ended:
            for target in (-pid, pid):
                try:
                    os.kill(target, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            _, status, usage = os.wait4(pid, 0)
        return {
            "box": box,
            "ended_itself": bool(ended),
            "exit_code": os.waitstatus_to_exitcode(status),
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "max_rss_kb": usage.ru_maxrss,
        }

    def _become_box(self, stream: socket.socket, output: int) -> NoReturn:
        """Turn the forked child into a locked box that imports the solution and serves it."""
        try:
            os.setsid()
            for source, target in ((self._null, 0), (output, 1), (output, 2)):
                os.dup2(source, target)
            os.dup2(stream.fileno(), STREAM_FD)
            os.closerange(STREAM_FD + 1, 256)
            os.close(CONTROL_FD)
            _open_standard_streams()
            gc.enable()
            self._lock_box()
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

    def _lock_box(self) -> None:
        lock.die_with_parent()
        lock.set_limits(self._limits, self._baseline, owns_uid=self._owns_uid)
        threading.stack_size(THREAD_STACK_BYTES)
        if self._locked:
            lock.hide_from_debuggers()
            lock.filter_system_calls()

    def _in_box(self, work: Callable[[], bytes]) -> bytes:
        """Do ``work`` in a locked child and return its bytes, empty when it fails or is slow."""
        read_end, write_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.close(read_end)
                os.close(CONTROL_FD)
                self._lock_box()
                with open(write_end, "wb") as stream:
                    stream.write(work())
                os._exit(0)
            finally:
                os._exit(70)
        os.close(write_end)
        data = _read_until(read_end, time.monotonic() + COMPILE_SECONDS)
        os.close(read_end)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return data

    def _self_test(self, forbidden_files: list[str]) -> list[str]:
        answer = self._in_box(lambda: json.dumps(selftest.escapes(forbidden_files)).encode())
        return json.loads(answer) if answer else ["answer the self-test"]

    def _reply(self, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
        socket.send_fds(self._control, [pack([message])], descriptors or [])

    def _receive(self) -> dict[str, Any] | None:
        header = _receive_exactly(self._control, HEADER.size)
        if header is None:
            return None
        body = _receive_exactly(self._control, body_length(header))
        if body is None:
            return None
        (message,) = unpack(body)
        if type(message) is not dict:
            raise MalformedError("a control message that is not an object")
        return message


def main() -> None:
    """Start the sandbox as ``sys.argv[1]`` (JSON) says. See :mod:`harness.sandbox.zygote`."""
    policy = json.loads(sys.argv[1])
    control = socket.socket(fileno=CONTROL_FD)
    hello: dict[str, Any] = {
        "python": f"{platform.python_implementation()} {sys.version.split()[0]}"
    }
    for name in PRELOADED:
        __import__(name)
    baseline = lock.own_address_space()
    try:
        owns_uid = _lock_sandbox(policy)
    except OSError as error:
        socket.send_fds(control, [pack([{"failed": str(error)}])], [])
        return
    gc.collect()
    zygote = Zygote(control, locked=policy["lock"], owns_uid=owns_uid, baseline=baseline)
    zygote.run(hello, policy["forbidden"])


def _lock_sandbox(policy: dict[str, Any]) -> bool:
    """Apply what the tier asks for; returns whether the uid is the sandbox's own."""
    os.setsid()
    lock.die_with_parent()
    if not policy["lock"]:
        return False
    readable = layout.readable_paths()
    masked = layout.masked_paths(readable, policy["protected"])
    if policy["namespaces"]:
        namespaces.enter()
        _continue_in_child()
        namespaces.build_root(readable, masked)
    became = _drop_root(policy["uid"])
    if policy["namespaces"] and not became:
        namespaces.drop_capabilities()
    lock.die_with_parent()  # a change of uid has cleared it
    lock.hide_from_debuggers()
    os.umask(0o077)
    os.chdir("/")
    if became and not os.access(layout.standard_library(), os.R_OK | os.X_OK):
        raise OSError(13, "the interpreter lies in a folder that only root can read")
    lock.forbid_new_privileges()
    landlock.restrict_self(layout.without(readable, masked))
    return bool(policy["namespaces"]) or became


def _continue_in_child() -> None:
    """Fork, so that the child is process 1 of the new namespaces; the parent waits for it."""
    pid = os.fork()
    if pid == 0:
        return
    os.close(CONTROL_FD)
    _, status = os.waitpid(pid, 0)
    os._exit(status and 1)


def _drop_root(uid: int) -> bool:
    if os.getuid() != 0:
        return False
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    return True


def _open_standard_streams() -> None:
    """Line by line, so that what was printed is there even if the box is killed."""
    sys.stdin = open(0)  # noqa: SIM115
    how = {"mode": "w", "buffering": 1, "encoding": "utf-8", "errors": "backslashreplace"}
    sys.stdout = open(1, **how)  # type: ignore[call-overload]  # noqa: SIM115
    sys.stderr = open(2, **how)  # type: ignore[call-overload]  # noqa: SIM115


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


def _receive_exactly(sock: socket.socket, count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        chunk = sock.recv(min(count - len(data), 1 << 20))
        if not chunk:
            return None
        data += chunk
    return data
