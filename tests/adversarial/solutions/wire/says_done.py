"""Sends a frame of the kind "done" as its answer.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("done")
