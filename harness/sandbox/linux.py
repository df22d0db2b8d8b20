"""The Linux backend: namespaces, Landlock, seccomp and resource limits, without root or Docker."""

from __future__ import annotations

import sys
from pathlib import Path

from harness.errors import SandboxError, SandboxFault
from harness.guest import landlock, seccomp
from harness.sandbox.zygote import ChildZygote, ZygoteSandbox, host_policy


class LinuxBackend:
    """Boxes on a Linux kernel with Landlock (5.13 and newer).

    ``tier`` is ``full`` (with namespaces) or ``locked`` (without, where policy forbids them).
    """

    name = "linux"

    def __init__(self, tier: str = "full") -> None:
        self.tier = tier

    def start(self, protected: tuple[Path, ...]) -> ZygoteSandbox:
        """Start a sandbox; see :class:`harness.sandbox.backend.Backend`."""
        if sys.platform != "linux":
            raise SandboxError("the linux sandbox needs Linux", fault=SandboxFault.WRONG_SYSTEM)
        if not seccomp.is_supported():
            raise SandboxError(
                "the linux sandbox does not know the system calls of this processor",
                fault=SandboxFault.UNKNOWN_PROCESSOR,
            )
        if landlock.abi_version() < 1:
            raise SandboxError(
                "the linux sandbox needs a kernel with Landlock (5.13 or newer)",
                fault=SandboxFault.NO_LANDLOCK,
            )
        policy = host_policy(lock=True, namespaces=self.tier == "full", protected=protected)
        return ZygoteSandbox(self.name, self.tier, policy, ChildZygote)
