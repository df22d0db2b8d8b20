"""Answers a call with the word for a look-up.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("method")
