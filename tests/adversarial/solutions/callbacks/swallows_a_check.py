"""Swallows what the suite's function raises when it fails.

safe = "A check that failed in a callback fails the case whatever follows."
verdicts = ["wrong_answer"]
case = '''
def check(value):
    assert value == SECRET

attack.attack(check)
'''
"""

import contextlib


def attack(check):
    with contextlib.suppress(BaseException):
        check(1)
