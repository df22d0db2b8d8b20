"""Announces a frame of four gigabytes.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.send(b"\xff\xff\xff\xff")
