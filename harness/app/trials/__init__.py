"""What a hostile solution could do on this machine: tried in a box of each backend, never assumed.

May import the judge, sandbox and below.
"""

from __future__ import annotations

from harness.app.trials.acts import ACTS, Act
from harness.app.trials.advice import Machine, advise
from harness.app.trials.trial import Answer, BackendTrial, Bait, Outcome, try_backends

__all__ = [
    "ACTS",
    "Act",
    "Answer",
    "BackendTrial",
    "Bait",
    "Machine",
    "Outcome",
    "advise",
    "try_backends",
]
