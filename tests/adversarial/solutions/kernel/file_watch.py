"""Watches files for changes by others.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("inotify_init1", 0)
    return "escaped"
