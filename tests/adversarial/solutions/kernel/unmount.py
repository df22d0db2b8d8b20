"""Unmounts its root.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("umount2", b"/", 2)
    return "escaped"
