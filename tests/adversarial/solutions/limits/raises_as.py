"""Raises RLIMIT_AS.

safe = "A hard limit cannot be raised."
exempt = ["process"]
"""

import resource


def attack(hints):
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard + 1, hard + 1))
    return "escaped"
