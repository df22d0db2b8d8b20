"""Gives its pages to a pipe.

safe = "The call is refused."
exempt = ["process"]
"""

import os
import struct

import kernel


def attack(hints):
    ends = os.pipe()
    kernel.system_call("vmsplice", ends[1], struct.pack("PN", 0, 0), 1, 8)
    return "escaped"
