"""Sends back a tag that only the judge may send.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("return", {"e": "AssertionError"})
