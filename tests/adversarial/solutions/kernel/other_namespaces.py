"""Enters the judge's namespaces.

safe = "The call is refused."
exempt = ["process"]
"""

import os

import kernel


def attack(hints):
    kernel.system_call("setns", os.pidfd_open(hints["judge"]), 0x20000)
    return "escaped"
