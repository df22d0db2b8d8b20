"""Puts a filter of its own on, to fake answers of the kernel.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("seccomp", 1, 0, 0)
    return "escaped"
