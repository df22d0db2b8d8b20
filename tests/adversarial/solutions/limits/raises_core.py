"""Raises RLIMIT_CORE.

safe = "A hard limit cannot be raised."
exempt = ["process"]
"""

import resource


def attack(hints):
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard + 1, hard + 1))
    return "escaped"
