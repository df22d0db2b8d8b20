"""Raises an exception that sets __class__ and __traceback__.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("raise", ["ValueError"], "", {"__class__": 1, "__traceback__": 2}, "")
