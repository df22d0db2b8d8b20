"""Sends one integer of four million digits.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    body = b"[1,2," + b"9" * 4_000_000 + b"]"
    wire.send(len(body).to_bytes(4, "big") + body)
