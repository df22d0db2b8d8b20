"""Sends a byte out of band, which wakes the judge and cannot be read in order.

safe = "A stream that cannot be read is a failure."
verdicts = ["runtime_error", "judge_error", "time_limit"]
"""

import os
import socket
import time

import wire


def attack(hints):
    stream = socket.socket(fileno=os.dup(wire.STREAM))
    stream.send(wire.pack([*wire.request(), "return", "escaped"]), socket.MSG_OOB)
    time.sleep(0.1)
    return "escaped"
