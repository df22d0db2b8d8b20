"""Makes a timer that outlives its thread.

safe = "The call is refused."
exempt = ["process"]
"""

import ctypes

import kernel


def attack(hints):
    kernel.system_call("timer_create", 1, 0, ctypes.create_string_buffer(8))
    return "escaped"
