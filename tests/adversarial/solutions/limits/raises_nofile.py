"""Raises RLIMIT_NOFILE.

safe = "A hard limit cannot be raised."
exempt = ["process"]
"""

import resource


def attack(hints):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard + 1, hard + 1))
    return "escaped"
