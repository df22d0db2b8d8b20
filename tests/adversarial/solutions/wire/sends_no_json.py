"""Sends bytes that are not JSON.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.send(b"\x00\x00\x00\x04\xfe\xff{[")
