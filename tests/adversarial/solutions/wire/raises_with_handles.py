"""Raises an exception whose attributes lead back into the box.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("raise", ["ValueError"], "", {"args": {"t": [{"h": [1, "x"]}]}}, "")
