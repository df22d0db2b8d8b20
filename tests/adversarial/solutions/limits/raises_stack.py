"""Raises RLIMIT_STACK.

safe = "A hard limit cannot be raised."
exempt = ["process"]
"""

import resource


def attack(hints):
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (hard + 1, hard + 1))
    return "escaped"
