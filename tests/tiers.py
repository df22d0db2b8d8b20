"""Which tiers of protection work for this user on this machine."""

from __future__ import annotations

import contextlib
from functools import cache

from harness.errors import SandboxError
from harness.sandbox.choice import HostBackend, protected_paths


@cache
def refusal(tier: str) -> str:
    """Return why boxes of ``tier`` cannot be made here; empty when they can."""
    try:
        with contextlib.closing(HostBackend(tier).start(protected_paths())) as sandbox:
            sandbox.protection()
    except SandboxError as error:
        return error.message
    return ""
