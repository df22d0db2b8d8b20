"""Loads the acts into boxes of every backend, one box for each act, and gathers the outcomes."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from harness.app.trials.acts import ACTS, Act
from harness.errors import SandboxError
from harness.guest.selftest import OPEN_DESCRIPTORS
from harness.guest.server import MODULE_HANDLE
from harness.guest.syscalls import ARCHITECTURES, REFUSED
from harness.judge.box_session import BoxSession, Interface
from harness.judge.link import BoxFault, Link
from harness.model.frozen import frozen
from harness.model.manifest import Limits
from harness.model.verdict import Verdict
from harness.sandbox.backend import Backend, Protection, Sandbox
from harness.sandbox.choice import BackendFactory, protected_paths

_SOLUTION = "solution.py"
_LIMITS = Limits(cpu_seconds=2, memory_bytes=128 << 20, output_bytes=64 << 10)
_ACT_SECONDS = 5.0
_REASON_LENGTH = 200
# What a box may well have of its own: set by the sandbox, or by the image of a container.
_COMMON_VARIABLES = ("PATH", "HOME", "LANG", "TZ", "TERM", "HOSTNAME", "PWD", "LD_LIBRARY_PATH")
_COMMON_BEGINNINGS = ("LC_", "PYTHON", "GPG_", "MALLOC_")


class Answer(StrEnum):
    """How an act ended."""

    DENIED = "denied"
    ALLOWED = "allowed"
    UNTRIED = "untried"
    """It has no meaning on this system, or the box gave no answer that can be believed."""


@frozen
class Outcome:
    """What became of one act in one backend."""

    act: str
    """The name of an :class:`Act`."""
    answer: Answer
    reason: str = ""
    """What the system said to it."""
    is_leak: bool = False
    """Allowed although the tier promises to deny it."""


@frozen
class BackendTrial:
    """What a start of one form of one backend showed."""

    backend: str
    tier: str
    works: bool
    certified: bool
    interpreter: str = ""
    problem: str = ""
    """Why it does not work; empty when it does."""
    hint: str = ""
    """What the backend says can be done about it."""
    outcomes: tuple[Outcome, ...] = ()

    @property
    def leaks(self) -> tuple[str, ...]:
        """Names of the acts that succeeded and must not."""
        return tuple(each.act for each in self.outcomes if each.is_leak)


@frozen
class Bait:
    """What the acts are aimed at, besides what the doctor puts there itself."""

    suite: Path
    """A hidden suite."""
    home: Path
    """The folder with the record of attempts."""


def try_backends(known: Mapping[str, BackendFactory], bait: Bait) -> list[BackendTrial]:
    """Try every act in every form of every backend; what cannot be started becomes a problem."""
    with _facts(bait) as facts:
        return [_try(form, facts) for factory in known.values() for form in factory()]


def _try(form: Backend, facts: dict[str, Any]) -> BackendTrial:
    """Try every act in one form of a backend. Whatever goes wrong becomes its problem."""
    tier = getattr(form, "tier", "")
    sandbox: Sandbox | None = None
    try:
        sandbox = form.start(protected_paths())
        protection = sandbox.protection()
        outcomes = _try_acts(sandbox, protection, facts)
    except SandboxError as error:
        return BackendTrial(form.name, tier, False, False, problem=error.message, hint=error.hint)
    except Exception as error:  # a backend of a plugin's may raise anything
        problem = f"the {form.name} sandbox failed by a mistake of its own: {type(error).__name__}"
        return BackendTrial(form.name, tier, False, False, problem=problem)
    finally:
        if sandbox is not None:
            sandbox.close()
    return BackendTrial(
        form.name,
        protection.tier,
        works=True,
        certified=protection.certified,
        interpreter=protection.interpreter,
        outcomes=outcomes,
    )


def _try_acts(
    sandbox: Sandbox, protection: Protection, facts: dict[str, Any]
) -> tuple[Outcome, ...]:
    """Return what became of each act. Raises SandboxError when the sandbox breaks."""
    sandbox.load({_SOLUTION: _solution_text()}, Path(_SOLUTION).stem, _LIMITS)
    _converse(sandbox, "leave_notes")
    outcomes = []
    for act in ACTS:
        answer, reason = _answer(sandbox, act, facts)
        is_promised = protection.certified and protection.tier not in act.known_in
        is_leak = is_promised and answer is Answer.ALLOWED
        outcomes.append(Outcome(act.name, answer, reason, is_leak))
    return tuple(outcomes)


def _solution_text() -> str:
    return Path(__file__).with_name(_SOLUTION).read_text(encoding="utf-8")


def _answer(sandbox: Sandbox, act: Act, facts: dict[str, Any]) -> tuple[Answer, str]:
    """Try one act in a fresh box; an act that ends its box was denied by force."""
    try:
        word, reason = _converse(sandbox, "attempt", act.name, facts)
        return Answer(word), str(reason)[:_REASON_LENGTH]
    except BoxFault as fault:
        if fault.verdict in (Verdict.TIME_LIMIT, Verdict.JUDGE_ERROR):
            return Answer.UNTRIED, f"no answer: {fault.text}"
        return Answer.DENIED, "the box was ended"
    except SandboxError:
        raise
    except Exception as error:
        return Answer.UNTRIED, f"the trial itself failed ({type(error).__name__})"


def _converse(sandbox: Sandbox, function: str, *arguments: Any) -> Any:
    """Return the answer of one call in a box of its own.

    Raises BoxFault when the box gives none, and whatever the function raises.
    """
    box = sandbox.open_box()
    try:
        session = BoxSession(Link(box.stream, time.monotonic() + _ACT_SECONDS), Interface({}, {}))
        broken = session.await_import()
        if broken is not None:
            raise SandboxError(f"the trial could not be imported in a box: {broken.text}")
        return session.perform("call", MODULE_HANDLE, function, arguments)
    finally:
        sandbox.close_box(box)


@contextlib.contextmanager
def _facts(bait: Bait) -> Iterator[dict[str, Any]]:
    """Put out what the acts are aimed at: a file, a port, a socket, open to everybody."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="harness-doctor-")))
        folder.chmod(0o777)  # or the user's rights would deny what the lock is to deny
        file = folder / "file"
        file.write_text("Put here by `harness doctor`.\n", encoding="utf-8")
        file.chmod(0o666)
        port = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=16))
        local = stack.enter_context(socket.socket(socket.AF_UNIX))
        local.bind(str(folder / "socket"))
        (folder / "socket").chmod(0o666)
        local.listen(16)
        column, _ = ARCHITECTURES.get(os.uname().machine, (0, 0))
        is_known = os.uname().sysname == "Linux" and os.uname().machine in ARCHITECTURES
        yield {
            "file": str(file),
            "folder": str(folder),
            "socket": str(folder / "socket"),
            "port": port.getsockname()[1],
            "pid": os.getpid(),
            "suite": str(bait.suite),
            "home": str(bait.home),
            "variables": [name for name in os.environ if not _is_common(name)],
            "descriptors": sorted(OPEN_DESCRIPTORS),
            "numbers": {name: row[column] for name, row in REFUSED.items()} if is_known else {},
        }


def _is_common(name: str) -> bool:
    return name in _COMMON_VARIABLES or name.startswith(_COMMON_BEGINNINGS)
