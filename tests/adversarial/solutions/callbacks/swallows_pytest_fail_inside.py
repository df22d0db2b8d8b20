"""Swallows pytest.fail inside the suite's function.

safe = "It ends the case here and now."
verdicts = ["wrong_answer"]
case = '''
def check(value):
    pytest.fail('the suite has found a mistake')

attack.attack(check)
'''
"""

import contextlib


def attack(check):
    with contextlib.suppress(BaseException):
        check(1)
