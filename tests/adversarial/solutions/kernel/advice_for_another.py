"""Gives advice on the judge's memory.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("process_madvise", 4, 0, 0, 21, 0)
    return "escaped"
