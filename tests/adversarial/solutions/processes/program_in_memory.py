"""Runs a program from a file in memory.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    program = os.memfd_create("escape")
    os.execve(program, ["x"], {})
    return "escaped"
