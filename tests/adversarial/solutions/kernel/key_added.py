"""Keeps a key in the user's keyring.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("add_key", b"user", b"harness-escape", b"x", 1, -4)
    return "escaped"
