"""Sets up an io_uring, which seccomp does not see.

safe = "The call is refused."
exempt = ["process"]
"""

import ctypes

import kernel


def attack(hints):
    kernel.system_call("io_uring_setup", 1, ctypes.create_string_buffer(120))
    return "escaped"
