"""Tries every forbidden act in a box of each backend, instead of assuming what a box can do.

May import the judge, sandbox and below.
"""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.errors import SandboxError, SandboxFault
from harness.guest import acts
from harness.guest.acts import ACTS, ALLOWED, DENIED, UNTRIED, Act
from harness.guest.server import MODULE_HANDLE
from harness.guest.syscalls import ARCHITECTURES, REFUSED
from harness.judge.box_session import open_session
from harness.judge.link import BoxFault
from harness.judge.proxy import Interface
from harness.model.frozen import frozen
from harness.model.judgement import Verdict
from harness.model.limits import Limits
from harness.sandbox.backend import Backend, Protection, Sandbox
from harness.sandbox.choice import BackendFactory, protected_paths
from harness.sandbox.docker import short_folders

SHOWN_ACTS = tuple(act for act in ACTS if act.group)
"""The acts that are tried here, in the order in which they are shown."""
_TEXT = Path(acts.__file__).read_text(encoding="utf-8")
_LIMITS = Limits(cpu_seconds=2, memory_bytes=128 << 20, output_bytes=64 << 10)
_ACT_SECONDS = 5.0
_REASON_LENGTH = 200
_LONGEST_PLACE = 60
"""Bytes of a folder's path that leave room for the name of a socket."""
# What a box may well have of its own: set by the sandbox, or by the image of a container.
_COMMON_VARIABLES = ("PATH", "HOME", "LANG", "TZ", "TERM", "HOSTNAME", "PWD", "LD_LIBRARY_PATH")
_COMMON_BEGINNINGS = ("LC_", "PYTHON", "GPG_", "MALLOC_")


@frozen
class ActOutcome:
    """What became of one act in one backend."""

    act: str
    """The name of an :class:`Act`."""
    answer: str
    """``denied``, ``allowed``, or ``untried``: the act has no meaning on this system, or the box
    gave no answer that can be believed."""
    reason: str = ""
    """What the system said to it."""
    is_leak: bool = False
    """Allowed although the tier promises to deny it."""


@frozen
class BackendProbe:
    """What a start of one form of one backend showed."""

    backend: str
    tier: str
    works: bool
    certified: bool
    interpreter: str = ""
    problem: str = ""
    """Why it does not work; empty when it does."""
    fault: SandboxFault = SandboxFault.UNKNOWN
    """The same as a code."""
    hint: str = ""
    """What the backend says can be done about it."""
    outcomes: tuple[ActOutcome, ...] = ()

    @property
    def leaks(self) -> tuple[str, ...]:
        """Names of the acts that succeeded and must not."""
        return tuple(each.act for each in self.outcomes if each.is_leak)


def probe_backends(
    known: Mapping[str, BackendFactory], suite: Path, home: Path
) -> list[BackendProbe]:
    """Try every act in every form of every backend; a failed start becomes a problem.

    ``suite`` is a hidden suite and ``home`` the folder of the record: two of the things that boxes
    must not read.
    """
    with _targets(suite, home) as targets:
        return [_probe(form, targets) for factory in known.values() for form in factory()]


def _probe(form: Backend, targets: Mapping[str, Any]) -> BackendProbe:
    tier = getattr(form, "tier", "")
    sandbox: Sandbox | None = None
    try:
        sandbox = form.start(protected_paths())
        protection = sandbox.protection()
        outcomes = _try_acts(sandbox, protection, targets)
    except SandboxError as error:
        problem = error.message
        return BackendProbe(
            form.name, tier, False, False, problem=problem, fault=error.fault, hint=error.remedy
        )
    except Exception as error:  # a backend of a plugin may raise anything
        problem = f"internal error in the {form.name} sandbox: {type(error).__name__}"
        return BackendProbe(form.name, tier, False, False, problem=problem)
    finally:
        if sandbox is not None:
            sandbox.close()
    return BackendProbe(
        form.name,
        protection.tier,
        works=True,
        certified=protection.certified,
        interpreter=protection.interpreter,
        outcomes=outcomes,
    )


def _try_acts(
    sandbox: Sandbox, protection: Protection, targets: Mapping[str, Any]
) -> tuple[ActOutcome, ...]:
    """Return what became of each act. Raises SandboxError when the sandbox breaks."""
    sandbox.load({"solution.py": _TEXT}, "solution", _LIMITS)
    _call(sandbox, "leave_notes")
    outcomes = []
    for act in SHOWN_ACTS:
        answer, reason = _try(sandbox, act, targets)
        is_promised = protection.certified and protection.tier not in act.known_in
        outcomes.append(ActOutcome(act.name, answer, reason, is_promised and answer == ALLOWED))
    return tuple(outcomes)


def _try(sandbox: Sandbox, act: Act, targets: Mapping[str, Any]) -> tuple[str, str]:
    """Try one act in a fresh box; an act that ends its box was denied by force."""
    try:
        arguments = [targets[act.aim]] if act.aim else []
        answer, reason = _call(sandbox, "attempt", act.name, *arguments)
        if answer not in (ALLOWED, DENIED, UNTRIED):
            raise ValueError
        return answer, str(reason)[:_REASON_LENGTH]
    except BoxFault as fault:
        if fault.verdict in (Verdict.TIME_LIMIT, Verdict.JUDGE_ERROR):
            return UNTRIED, f"no answer: {fault.text}"
        return DENIED, "the box was ended"
    except SandboxError:
        raise
    except Exception as error:
        return UNTRIED, f"the attempt itself failed ({type(error).__name__})"


def _call(sandbox: Sandbox, function: str, *arguments: Any) -> Any:
    """Return the answer of one call in a box of its own.

    Raises BoxFault when the box gives none, and whatever the function raises.
    """
    with open_session(sandbox, Interface(), _ACT_SECONDS) as (_, session):
        broken = session.await_import()
        if broken is not None:
            raise SandboxError(f"a box could not import the acts to try: {broken.text}")
        return session.perform("call", MODULE_HANDLE, function, arguments)


@contextlib.contextmanager
def _targets(suite: Path, home: Path) -> Iterator[dict[str, Any]]:
    """Put out what the acts are aimed at: a file, a port, a socket, open to everybody."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(_temporary_folder()))
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
            "new_file": str(folder / "new_file"),
            "folder": str(folder),
            "socket": str(folder / "socket"),
            "port": port.getsockname()[1],
            "pid": os.getpid(),
            "suite": str(suite),
            "home": str(home),
            "variables": [name for name in os.environ if not _is_common(name)],
            "numbers": {name: row[column] for name, row in REFUSED.items()} if is_known else {},
        }


def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a new folder whose path is short enough for that of a socket."""
    places = [place for place in short_folders() if len(os.fsencode(place)) <= _LONGEST_PLACE]
    return tempfile.TemporaryDirectory(prefix="harness-doctor-", dir=next(iter(places), None))


def _is_common(name: str) -> bool:
    return name in _COMMON_VARIABLES or name.startswith(_COMMON_BEGINNINGS)
