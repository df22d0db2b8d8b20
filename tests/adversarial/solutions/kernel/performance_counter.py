"""Opens a performance counter.

safe = "The call is refused."
exempt = ["process"]
"""

import ctypes

import kernel


def attack(hints):
    kernel.system_call("perf_event_open", ctypes.create_string_buffer(128), 0, -1, -1, 0)
    return "escaped"
