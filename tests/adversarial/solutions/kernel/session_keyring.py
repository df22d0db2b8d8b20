"""Joins a session keyring.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("keyctl", 1, 0)
    return "escaped"
