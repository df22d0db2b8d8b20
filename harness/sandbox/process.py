"""The plain process backend: resource limits only. Works everywhere, protects against accidents."""

from __future__ import annotations

from pathlib import Path

from harness.sandbox.zygote import ChildZygote, ZygoteSandbox, host_policy


class ProcessBackend:
    """Boxes that can read the disk and reach the network; judgements are not certified."""

    name = "process"

    def start(self, protected: tuple[Path, ...]) -> ZygoteSandbox:
        """Start a sandbox; see :class:`harness.sandbox.backend.Backend`."""
        policy = host_policy(lock=False, namespaces=False, protected=protected)
        return ZygoteSandbox(self.name, "none", policy, ChildZygote)
