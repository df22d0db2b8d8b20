"""Ends its process in the middle of a frame.

safe = "The end of the process is the failure."
verdicts = ["runtime_error"]
"""

import os

import wire


def attack(hints):
    wire.send(b"\x00\x00\x10\x00[1,")
    os._exit(0)
