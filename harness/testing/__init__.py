"""For authors of sandbox backends: a suite that every backend must pass.

May import sandbox, guest and errors; needs pytest. Subclass :class:`SandboxConformance` in a test
module, and return the backend to test from ``make_backend``.
"""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("harness.testing.conformance")  # a failure shows what it compared

from harness.testing.client import BoxClient, Clients, Raised  # noqa: E402
from harness.testing.conformance import SandboxConformance  # noqa: E402
from harness.testing.leftovers import Leftovers  # noqa: E402

__all__ = ["BoxClient", "Clients", "Leftovers", "Raised", "SandboxConformance"]
