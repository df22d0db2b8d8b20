"""Sends a pickle that would run a program.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import os
import pickle

import wire


class Program:
    def __reduce__(self):
        return os.system, ("touch /tmp/harness-escape-pickle",)


def attack(hints):
    body = pickle.dumps(Program())
    wire.send(len(body).to_bytes(4, "big") + body)
