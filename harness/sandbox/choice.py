"""Which backend judges: the one asked for, or the best that really works on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import harness
from harness.errors import SandboxError, SandboxFault
from harness.sandbox.backend import Backend, Protection, Sandbox
from harness.sandbox.zygote import ChildZygote, Policy, ZygoteSandbox, own_uid
from harness.words import did_you_mean

AUTO = "auto"

BackendFactory = Callable[[], Sequence[Backend]]
"""Makes the forms of one backend, the best protected first."""


class HostBackend:
    """Boxes that are processes of this machine.

    ``tier``: ``full`` (Linux with namespaces), ``locked`` (without, where policy forbids them), or
    ``none``: boxes that can read the disk and reach the network, on any system; it protects
    against accidents, and judgements are not certified.
    """

    def __init__(self, tier: str) -> None:
        self.name = "process" if tier == "none" else "linux"
        self.tier = tier

    def start(self, protected: tuple[Path, ...]) -> ZygoteSandbox:
        """Start a sandbox; see :class:`harness.sandbox.backend.Backend`."""
        lock = self.tier != "none"
        if lock and sys.platform != "linux":
            raise SandboxError("the linux sandbox needs Linux", fault=SandboxFault.WRONG_SYSTEM)
        policy = Policy(
            parent=os.getpid(),
            lock=lock,
            namespaces=self.tier == "full",
            uid=own_uid(),
            owns_uid=False,
            protected=[str(path) for path in protected],
            forbidden=[str(path) for path in protected if path.is_file()],
        )
        return ZygoteSandbox(self.name, self.tier, policy, ChildZygote)


def _docker() -> Sequence[Backend]:
    from harness.sandbox.docker import DockerBackend  # with what finds an engine

    return (DockerBackend(),)


BUILT_IN: Mapping[str, BackendFactory] = {
    "linux": lambda: (HostBackend("full"), HostBackend("locked")),
    "docker": _docker,
    "process": lambda: (HostBackend("none"),),
}
"""In the order in which ``auto`` tries them."""


def known_backends(wanted: str) -> Mapping[str, BackendFactory]:
    """Return the backends to choose from; plugins are asked only for a name that is not ours."""
    if wanted == AUTO or wanted in BUILT_IN:
        return BUILT_IN
    from harness.plugins import load_plugins

    offered = cast("Mapping[str, BackendFactory]", load_plugins().backends())
    return {**offered, **BUILT_IN}


class ChosenSandbox:
    """Starts the first candidate at once, and falls back to the next when it turns out unusable."""

    def __init__(self, backend: str) -> None:
        self.backend = backend
        self._candidates = _candidates(backend)
        self._reasons: list[SandboxError] = []
        self._sandbox: Sandbox | None = None
        self._start_next()

    def settle(self) -> tuple[Sandbox, Protection]:
        """Return a sandbox that stands. Raises :class:`SandboxError` with all reasons if none."""
        while self._sandbox is not None:
            try:
                return self._sandbox, self._sandbox.protection()
            except SandboxError as error:
                self._reasons.append(error)
                self.close()
                self._start_next()
        if len(self._reasons) == 1:
            raise self._reasons[0]  # with the hint of its own
        raise SandboxError(
            f"no sandbox for backend '{self.backend}': "
            + "; ".join(reason.message for reason in self._reasons),
        )

    def close(self) -> None:
        """End the sandbox, if one was started."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None

    def _start_next(self) -> None:
        for candidate in self._candidates:
            try:
                self._sandbox = candidate.start(protected_paths())
                return
            except SandboxError as error:
                self._reasons.append(error)


def protected_paths() -> tuple[Path, ...]:
    """Return our own files and folders that no box may read, wherever they are installed."""
    package = Path(harness.__file__).resolve().parent
    return (package, Path(__file__).resolve(), package.parent / "problems")


def _candidates(backend: str) -> Iterator[Backend]:
    """Return what to try, in this order; what is not needed is not even made."""
    known = known_backends(backend)
    if backend != AUTO and backend not in known:
        meant = did_you_mean(backend, [AUTO, *known])
        names = ", ".join([AUTO, *known])
        guess = f".{meant}" if meant else ""
        raise SandboxError(f"there is no backend '{backend}', only {names}{guess}")
    factories = known.values() if backend == AUTO else [known[backend]]
    return (form for factory in factories for form in factory())
