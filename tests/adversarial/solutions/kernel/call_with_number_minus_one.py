"""Makes a system call with the number -1.

safe = "Another ABI ends the process."
exempt = ["process"]
"""

import ctypes

import kernel


def attack(hints):
    kernel.LIBC.syscall(ctypes.c_long(-1))
    return "escaped"
