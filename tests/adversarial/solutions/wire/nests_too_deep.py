"""Sends a hundred thousand brackets.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    body = b"[" * 100_000 + b"]" * 100_000
    wire.send(len(body).to_bytes(4, "big") + body)
