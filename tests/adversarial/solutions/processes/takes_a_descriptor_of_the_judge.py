"""Takes a descriptor out of the judge.

safe = "The call is refused."
exempt = ["process"]
"""

import os

import kernel


def attack(hints):
    judge = os.pidfd_open(hints["judge"])
    kernel.system_call("pidfd_getfd", judge, 3, 0)
    return "escaped"
