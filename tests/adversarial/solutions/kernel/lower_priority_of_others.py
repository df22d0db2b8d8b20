"""Asks for a higher priority of its input and output.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("ioprio_set", 1, hints["judge"], 0)
    return "escaped"
