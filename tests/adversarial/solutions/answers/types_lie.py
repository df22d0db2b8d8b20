"""Answers the questions for length and truth with lists.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
case = '''
odd = attack.make()
assert odd and len(odd) and str(odd)
'''
"""

import sys


class Odd:
    pass


def make():
    operations = sys.modules["_harness_guest.server"].OPERATIONS
    operations["bool"] = operations["len"] = operations["str"] = lambda _: [1]
    return Odd()
