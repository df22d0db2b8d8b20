"""Client of the zygote: starts it, and speaks the control protocol of ``docs/wire.md``."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from harness import guest
from harness.errors import SandboxError, SandboxFault
from harness.guest.codec import MalformedError, UnsendableError
from harness.guest.frames import HEADER, body_length, pack, unpack
from harness.guest.unnamed_files import unnamed_file
from harness.model.frozen import frozen
from harness.model.limits import Limits
from harness.sandbox.backend import Box, BoxEnd, Protection

HELLO_SECONDS = 20.0
CONTROL_SECONDS = 10.0
CLOSE_SECONDS = 1.0
_CLOSE_STEP_SECONDS = 0.001
GUEST_FOLDER = Path(guest.__file__).parent

GUEST_BOOTSTRAP = (
    "import sys, types; package = types.ModuleType('_harness_guest'); "
    "package.__path__ = [{folder!r}]; sys.modules['_harness_guest'] = package; "
)
"""Makes the files in ``folder`` a package, whatever lies around them."""
GUEST_OPTIONS = ("-s", "-P", "-S", "-u")
"""Unbuffered, so that all that was printed is there when a box is killed."""
GUEST_ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/nonexistent",
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "MALLOC_ARENA_MAX": "2",
}
_PIECE_CHARACTERS = 300_000
"""Of a file in one message: fits whatever they are, since one takes at most twelve bytes there."""
MAX_SUBMISSION_CHARACTERS = 16 * 1024 * 1024
"""Twice what a workspace may hold; every box gets it all."""
# As root, boxes run under a uid of the range that no distribution hands to people or services.
_FIRST_UID, _UIDS = 61184, 4336


@frozen
class Policy:
    """The first control message: what the zygote does to itself before it forks anything."""

    parent: int
    """The process whose end must end it; 0 when that lies outside of its namespace."""
    lock: bool
    namespaces: bool
    uid: int
    """The uid to switch to when started as root."""
    owns_uid: bool
    """Whether no process outside the sandbox runs as its user."""
    protected: Sequence[str]
    forbidden: Sequence[str]
    """Files that the self-test must fail to read."""


class Started(Protocol):
    """A zygote that is starting, wherever it runs."""

    def failure(self) -> SandboxError | None:
        """Return why it did not start, when its starter knows."""

    def interruption(self) -> str:
        """Return what has kept all boxes from running, if anything did; else an empty text."""

    def end(self) -> None:
        """Return when it is gone; its control stream is closed already. Never raises."""


Starter = Callable[[socket.socket, int], Started]
"""Gives a new zygote its control stream and its standard error, without waiting for it.

Both are closed by the caller afterwards. Raises :class:`OSError`.
"""


def own_uid() -> int:
    """Return the uid for boxes of this process, which must not be the user's."""
    return _FIRST_UID + os.getpid() % _UIDS


class ZygoteSandbox:
    """A sandbox whose zygote was started by this process."""

    def __init__(
        self,
        backend: str,
        tier: str,
        policy: Policy,
        start: Starter,
        hello_seconds: float = HELLO_SECONDS,
    ) -> None:
        self._hello_seconds = hello_seconds
        self._backend = backend
        self._tier = tier
        self._locked = policy.lock
        self._closed = False
        self._protection: Protection | None = None
        self._awaited: deque[str] = deque()
        self._spares: deque[Box] = deque()
        self._closing: deque[Box] = deque()
        """Boxes whose end was asked for. Hanging up on one at once would wake it to end itself,
        on the judge's processor; the zygote ends it elsewhere."""
        self._last_end: BoxEnd | None = None
        self._stderr = unnamed_file()
        self._control, theirs = socket.socketpair()
        self._control.settimeout(CONTROL_SECONDS)
        try:
            with theirs:
                self._zygote = start(theirs, self._stderr)
        except (OSError, TypeError, ValueError) as error:  # not an OSError: no name to start
            self._control.close()
            os.close(self._stderr)
            raise SandboxError(f"the {backend} sandbox cannot start: {error}") from error
        try:
            self._send(asdict(policy))
        except SandboxError:
            self.close()
            raise

    def protection(self) -> Protection:
        """Wait for the zygote's hello; refuse a sandbox whose self-test could escape."""
        if self._protection is None:
            hello, _ = self._receive(self._hello_seconds)
            if "failed" in hello:
                raise SandboxError(
                    f"the {self._backend} sandbox cannot start: {hello['failed']}",
                    fault=SandboxFault(hello["fault"]),
                )
            # A sandbox that should have a lock and says nothing of a self-test had none.
            escapes = hello.get("escapes", ["skip the self-test"] if self._locked else [])
            if escapes:
                raise SandboxError(
                    f"the {self._backend} sandbox failed its self-test: a box could "
                    + ", ".join(escapes),
                    fault=SandboxFault.FAILED_SELF_TEST,
                )
            self._protection = Protection(
                self._backend, self._tier, certified=self._locked, interpreter=hello["python"]
            )
        return self._protection

    def load(
        self, files: Mapping[str, str], module: str, limits: Limits, *, switch_seconds: float = 0.0
    ) -> None:
        """Send the submission; see :class:`harness.sandbox.backend.Sandbox`."""
        self.protection()
        self._discard_spares()
        if sum(map(len, files.values())) > MAX_SUBMISSION_CHARACTERS:
            raise SandboxError(
                f"the submission has more than {MAX_SUBMISSION_CHARACTERS:,} characters"
            )
        for name, text in files.items():
            for begin in range(0, max(1, len(text)), _PIECE_CHARACTERS):
                piece = text[begin : begin + _PIECE_CHARACTERS]
                self._send({"op": "file", "name": name, "text": piece})
        of_a_box = {
            "cpu_seconds": limits.cpu_seconds,
            "memory_bytes": limits.memory_bytes,
            "output_bytes": limits.output_bytes,
        }
        load: dict[str, Any] = {"op": "load", "module": module, "limits": of_a_box}
        if switch_seconds:
            load["switch_microseconds"] = round(1e6 * switch_seconds)
        self._send(load)

    def prepare_box(self) -> None:
        """Ask for a box; the answer is read when it is needed."""
        self._send({"op": "open"})
        self._awaited.append("open")

    def open_box(self) -> Box:
        """Return the prepared box, or a new one."""
        if not self._spares and "open" not in self._awaited:
            self.prepare_box()
        while not self._spares:
            self._take_answer()
        return self._spares.popleft()

    def pin_box(self, box: Box, processor: int) -> None:
        """Let the box run on one processor only, the judge's."""
        self._send({"op": "pin", "box": box.number, "cpu": processor})

    def limit_box(self, box: Box, cpu_seconds: int) -> None:
        """Give the box so much processor time from now on."""
        self._send({"op": "limit", "box": box.number, "cpu_seconds": cpu_seconds})

    def close_box(self, box: Box) -> BoxEnd:
        """Kill the box, reap it, and return how it ended."""
        self.discard_box(box)
        while "close" in self._awaited:
            self._take_answer()
        assert self._last_end is not None
        if not self._last_end.ended_itself and (reason := self._zygote.interruption()):
            raise SandboxError(f"the {self._backend} sandbox stood still: {reason}")
        return self._last_end

    def discard_box(self, box: Box) -> None:
        """Kill the box without waiting for it; the next answer from the zygote comes after."""
        self._send({"op": "close", "box": box.number})
        self._awaited.append("close")
        self._closing.append(box)

    def _discard_spares(self) -> None:
        """Let go of boxes prepared for the submission before."""
        while "open" in self._awaited:
            self._take_answer()
        while self._spares:
            self.discard_box(self._spares.popleft())

    def _take_answer(self) -> None:
        """Read the answer to the oldest message that has one."""
        if self._awaited.popleft() == "open":
            answer, descriptors = self._receive(CONTROL_SECONDS, descriptors=2)
            if len(descriptors) != 2:
                raise SandboxError("the sandbox sent a box without its two descriptors")
            stream = socket.socket(fileno=descriptors[0])
            self._spares.append(Box(answer["box"], stream, descriptors[1]))
            return
        answer, _ = self._receive(CONTROL_SECONDS)
        _release(self._closing.popleft())
        self._last_end = BoxEnd(
            answer["ended_itself"],
            answer["exit_code"],
            answer["cpu_microseconds"] / 1e6,
            answer["max_rss_kb"],
        )

    def close(self) -> None:
        """Hang up: the zygote then ends its boxes and itself. One that does not is killed."""
        if not self._closed:
            for box in (*self._spares, *self._closing):
                _release(box)
            self._spares.clear()
            self._closing.clear()
            self._control.close()
            self._zygote.end()
            os.close(self._stderr)
            self._closed = True

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self._control.sendall(pack([message]))
        except UnsendableError as error:
            raise SandboxError(f"the submission cannot be sent to a box: {error}") from error
        except OSError as error:
            raise self._broken(str(error)) from error

    def _receive(self, seconds: float, descriptors: int = 0) -> tuple[dict[str, Any], list[int]]:
        """Read one control message and the descriptors that came with it."""
        self._control.settimeout(seconds)
        try:
            data, received, _, _ = socket.recv_fds(self._control, HEADER.size, descriptors)
            for descriptor in received:  # or whatever this process starts next would have them too
                os.set_inheritable(descriptor, False)
            header = data + self._exactly(HEADER.size - len(data)) if data else b""
            if not header:
                raise self._broken("it ended")
            (message,) = unpack(self._exactly(body_length(header)))
        except TimeoutError:
            raise self._broken(f"no answer within {seconds:.0f} s") from None
        except (OSError, MalformedError) as error:
            raise self._broken(str(error)) from error
        return message, list(received)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            chunk = self._control.recv(count - len(data))
            if not chunk:
                raise self._broken("it ended")
            data += chunk
        return data

    def _broken(self, reason: str) -> SandboxError:
        if self._closed:
            return SandboxError(f"the {self._backend} sandbox is closed already")
        failure = self._zygote.failure()
        if failure is not None:
            return failure
        said = os.pread(self._stderr, 4000, 0).decode(errors="replace").strip().splitlines()[-1:]
        detail = f" ({said[0]})" if said else ""
        return SandboxError(f"the {self._backend} sandbox broke: {reason}{detail}")


def _release(box: Box) -> None:
    """Close a box's stream and output, unless its user has done so."""
    if box.stream.fileno() >= 0:
        box.stream.close()
        os.close(box.output_fd)


class ChildZygote:
    """A zygote that is a child of this process."""

    def __init__(self, control: socket.socket, stderr: int) -> None:
        self.pid = _spawn(control.fileno(), stderr)

    def failure(self) -> SandboxError | None:
        """Return None: what went wrong it says itself."""
        return None

    def interruption(self) -> str:
        """Return nothing: what stops its processes is not known."""
        return ""

    def end(self) -> None:
        """Reap it; one that takes longer than ``CLOSE_SECONDS`` is killed."""
        deadline = time.monotonic() + CLOSE_SECONDS
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                return
            time.sleep(_CLOSE_STEP_SECONDS)


def _spawn(control: int, stderr: int) -> int:
    """Start the zygote with ``control`` as descriptor 3 and no other descriptor of this process."""
    environment = dict(GUEST_ENVIRONMENT)
    if "LD_LIBRARY_PATH" in os.environ:  # some interpreters find their own library only by it
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    bootstrap = GUEST_BOOTSTRAP.format(folder=str(GUEST_FOLDER))
    bootstrap += "from _harness_guest.zygote import main; main()"
    options = [*GUEST_OPTIONS, *(["-B"] if sys.dont_write_bytecode else [])]
    null = os.open(os.devnull, os.O_RDWR)
    try:
        return os.posix_spawn(
            sys.executable,
            [sys.executable, *options, "-c", bootstrap],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, null, 0),
                (os.POSIX_SPAWN_DUP2, null, 1),
                (os.POSIX_SPAWN_DUP2, stderr, 2),
                (os.POSIX_SPAWN_DUP2, control, 3),
            ],
            # One ignored or blocked here would be so in every box: no limit by SIGXCPU.
            setsigmask=[],
            setsigdef=[signal.SIGXCPU, signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP],
        )
    finally:
        os.close(null)
