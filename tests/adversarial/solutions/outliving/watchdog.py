"""Leaves a watchdog of the interpreter's that ends the process again and again.

safe = "Whatever it started ends with the box."
verdicts = ["wrong_answer", "runtime_error"]
"""

import faulthandler


def attack(hints):
    faulthandler.dump_traceback_later(0.01, repeat=True)
    faulthandler.enable()
