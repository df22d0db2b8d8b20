"""Kills the judge through a process descriptor.

safe = "The call is refused."
exempt = ["process"]
"""

import os
import signal


def attack(hints):
    signal.pidfd_send_signal(os.pidfd_open(hints["judge"]), signal.SIGKILL)
    return "escaped"
