"""Has the kernel reap the judge's memory.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("process_mrelease", 4, 0)
    return "escaped"
