"""Opens a file by a handle instead of its name.

safe = "The call is refused."
exempt = ["process"]
"""

import ctypes

import kernel


def attack(hints):
    kernel.system_call("open_by_handle_at", -100, ctypes.c_char_p(bytes(64)), 0)
    return "escaped"
