"""Writes into the judge's memory as a debugger does.

safe = "The call is refused."
exempt = ["process"]
"""

import struct

import kernel


def attack(hints):
    vector = struct.pack("PN", 0, 0)
    kernel.function("process_vm_writev", hints["judge"], vector, 1, vector, 1, 0)
    return "escaped"
