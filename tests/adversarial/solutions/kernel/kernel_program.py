"""Loads a program into the kernel.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("bpf", 0, 0, 0)
    return "escaped"
