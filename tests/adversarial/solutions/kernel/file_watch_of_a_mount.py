"""Watches a whole mount.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("fanotify_init", 0, 0)
    return "escaped"
