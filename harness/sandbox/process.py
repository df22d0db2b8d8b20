"""The plain process backend: resource limits only. Works everywhere, protects against accidents."""

from __future__ import annotations

from pathlib import Path

from harness.sandbox.zygote import ZygoteSandbox


class ProcessBackend:
    """Boxes that can read the disk and reach the network; judgements are not certified."""

    name = "process"

    def start(self, protected: tuple[Path, ...]) -> ZygoteSandbox:
        """Start a sandbox; see :class:`harness.sandbox.backend.Backend`."""
        return ZygoteSandbox(self.name, "none", lock=False, namespaces=False, protected=protected)
