"""Answers ahead, with many numbers that the next request could have.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
case = '''
attack.attack(HINTS)
assert attack.attack(HINTS) == ESCAPED
'''
"""

import wire


def attack(hints):
    _, number = wire.request()
    for step in range(-500, 500):
        wire.send(wire.pack([1, number + step, "return", "escaped"]))
