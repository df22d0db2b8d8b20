"""Sends values with tags that do not exist.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("return", {"__class__": "str"})
