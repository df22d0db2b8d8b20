"""Makes a descriptor for signals.

safe = "The call is refused."
exempt = ["process"]
"""

import ctypes

import kernel


def attack(hints):
    kernel.function("signalfd", -1, ctypes.create_string_buffer(128), 0)
    return "escaped"
