"""Asks the kernel whether the judge has the same files open.

safe = "The call is refused."
exempt = ["process"]
"""

import os

import kernel


def attack(hints):
    kernel.system_call("kcmp", os.getpid(), hints["judge"], 0, 4, 4)
    return "escaped"
