"""Seizes the judge as a debugger.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("ptrace", 0x4206, hints["judge"], 0, 0)
    return "escaped"
