"""Moves pages between pipes behind the output limit.

safe = "The call is refused."
exempt = ["process"]
"""

import os

import kernel


def attack(hints):
    ends = os.pipe()
    os.write(ends[1], b"x")
    kernel.system_call("splice", ends[0], 0, 1, 0, 1, 0)
    return "escaped"
