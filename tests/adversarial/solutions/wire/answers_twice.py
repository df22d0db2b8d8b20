"""Answers the same request twice, the second time for the next one.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
case = '''
attack.attack(HINTS)
assert attack.attack(HINTS) == SECRET
'''
"""

import wire


def attack(hints):
    wire.answer("return", "escaped")
    return "escaped"
