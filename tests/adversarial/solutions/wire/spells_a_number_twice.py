"""Sends an integer in another form than its one.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("return", {"i": "0X20000000000001"})
