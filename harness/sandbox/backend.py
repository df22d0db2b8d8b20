"""What a backend promises. Authors of backends implement these two protocols."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from harness.model.frozen import frozen
from harness.model.limits import Limits


@frozen
class Protection:
    """What stands between a solution and the machine, as the sandbox itself reports it."""

    backend: str
    tier: str
    """``full``, ``container``, ``locked`` or ``none``; ``docs/security.md`` says what each is."""
    certified: bool
    """Whether the self-test found nothing that a hostile solution could use."""
    interpreter: str
    instead_of: str = ""
    """Why the backend that was asked for is not the one; empty when it is."""


@frozen
class BoxEnd:
    """How a box ended, and what it used."""

    ended_itself: bool
    """False when it still ran and was killed on request."""
    exit_code: int
    """Negative: the number of the signal that ended it."""
    cpu_seconds: float
    max_rss_kb: int


@frozen
class Box:
    """One process with the candidate's code, reached by a duplex stream."""

    number: int
    stream: socket.socket
    """Frames of ``docs/wire.md``; the first one says whether the import succeeded."""
    output_fd: int
    """A file with what the box has printed, open for reading at any time."""


class Sandbox(Protocol):
    """One trusted zygote and the boxes it forks. All methods raise ``SandboxError``."""

    def protection(self) -> Protection:
        """Wait until the sandbox stands, and return what it protects against."""

    def load(
        self, files: Mapping[str, str], module: str, limits: Limits, *, switch_seconds: float = 0.0
    ) -> None:
        """Set the submission that boxes opened from now on will import.

        ``switch_seconds``: how long a thread runs before another may; 0 for the usual time.
        """

    def prepare_box(self) -> None:
        """Ask for one more box ahead of its use; returns at once."""

    def open_box(self) -> Box:
        """Return a fresh box, the oldest prepared one when there is one."""

    def pin_box(self, box: Box, processor: int) -> None:
        """Let the box run on one processor, if the system can; returns at once."""

    def limit_box(self, box: Box, cpu_seconds: int) -> None:
        """Let the box compute so long from now on, its import being done; returns at once."""

    def close_box(self, box: Box) -> BoxEnd:
        """Kill the box with all it started, release what it held, and return how it ended."""

    def discard_box(self, box: Box) -> None:
        """Like :meth:`close_box`, but return at once."""

    def close(self) -> None:
        """End the sandbox with every box in it. Never raises, and can be called twice."""


class Backend(Protocol):
    """A way to make sandboxes."""

    name: str

    def start(self, protected: tuple[Path, ...]) -> Sandbox:
        """Start a sandbox without waiting for it.

        ``protected`` are files and folders that no box may read (suites, the attempt store).
        Raises ``SandboxError`` when this machine cannot run the backend at all.
        """
