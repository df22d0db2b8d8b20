"""Raises RLIMIT_MEMLOCK.

safe = "A hard limit cannot be raised."
exempt = ["process"]
"""

import resource


def attack(hints):
    _, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard + 1, hard + 1))
    return "escaped"
