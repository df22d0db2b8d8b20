"""Slews the clock.

safe = "The call is refused."
exempt = ["process"]
"""

import ctypes

import kernel


def attack(hints):
    kernel.function("adjtimex", ctypes.create_string_buffer(b"\x01\x40", 256))
    return "escaped"
