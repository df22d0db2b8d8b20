"""For authors of sandbox backends: a suite that every backend must pass.

May import sandbox, guest and errors; needs pytest. Subclass :class:`SandboxConformance` in a test
module of yours, and say in ``make_backend`` what is to be tested.
"""

from __future__ import annotations

from harness.testing.client import BoxClient, Clients, Raised
from harness.testing.conformance import SandboxConformance
from harness.testing.leftovers import Leftovers

__all__ = ["BoxClient", "Clients", "Leftovers", "Raised", "SandboxConformance"]
