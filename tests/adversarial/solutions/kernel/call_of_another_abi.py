"""Makes system calls by x32's numbers.

safe = "Another ABI ends the process."
exempt = ["process"]
"""

import ctypes

import kernel


def attack(hints):
    if kernel.LIBC.syscall(ctypes.c_long(0x40000000 | 39)) == -1:
        raise OSError("refused")
    return "escaped"
