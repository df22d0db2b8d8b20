"""Which backend judges: the one asked for, or the best that really works on this machine."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

import harness
from harness.errors import SandboxError
from harness.model.frozen import frozen
from harness.sandbox.backend import Backend, Protection, Sandbox
from harness.sandbox.docker import DockerBackend
from harness.sandbox.linux import LinuxBackend
from harness.sandbox.process import ProcessBackend

AUTO = "auto"

BackendFactory = Callable[[], Sequence[Backend]]
"""Makes the forms of one backend, the best protected first."""

BUILT_IN: Mapping[str, BackendFactory] = {
    "linux": lambda: (LinuxBackend("full"), LinuxBackend("locked")),
    "docker": lambda: (DockerBackend(),),
    "process": lambda: (ProcessBackend(),),
}
"""In the order in which ``auto`` tries them."""


@frozen
class BackendReport:
    """What a trial start of one backend showed."""

    name: str
    tier: str
    available: bool
    detail: str
    """Why it is not available; empty when it is."""
    interpreter: str = ""


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
        self._candidates = list(_candidates(backend, known_backends(backend)))
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
        while self._candidates and self._sandbox is None:
            try:
                self._sandbox = self._candidates.pop(0).start(protected_paths())
            except SandboxError as error:
                self._reasons.append(error)


def protected_paths() -> tuple[Path, ...]:
    """Return our own files and folders that no box may read, wherever they are installed."""
    package = Path(harness.__file__).resolve().parent
    return (package, Path(__file__).resolve(), package.parent / "problems")


def probe(known: Mapping[str, BackendFactory] = BUILT_IN) -> list[BackendReport]:
    """Start every form of every backend once, and report what came of it."""
    return [
        _probe_one(backend, getattr(backend, "tier", ""))
        for factory in known.values()
        for backend in factory()
    ]


def _probe_one(backend: Backend, tier: str) -> BackendReport:
    sandbox: Sandbox | None = None
    try:
        sandbox = backend.start(protected_paths())
        protection = sandbox.protection()
    except SandboxError as error:
        return BackendReport(backend.name, tier, False, error.message)
    finally:
        with contextlib.suppress(SandboxError):
            if sandbox is not None:
                sandbox.close()
    return BackendReport(backend.name, protection.tier, True, "", protection.interpreter)


def _candidates(backend: str, known: Mapping[str, BackendFactory]) -> Sequence[Backend]:
    if backend == AUTO:
        return [form for factory in known.values() for form in factory()]
    factory = known.get(backend)
    if factory is None:
        raise SandboxError(
            f"there is no backend '{backend}'", f"choose one of: auto, {', '.join(known)}"
        )
    return list(factory())
