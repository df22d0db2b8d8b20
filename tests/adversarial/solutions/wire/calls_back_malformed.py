"""Calls back with arguments that are no arguments.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
case = "assert attack.attack(print) == SECRET"
"""

import wire


def attack(hints):
    wire.answer("callback", -1, 0, {}, [])
