"""Sends a set that holds an element twice, in two spellings.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("return", {"S": [1, {"f": "0x1.0000000000000p+0"}]})
