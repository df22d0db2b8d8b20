"""Returns an object where the suite wants the words of its complaint, and never tells its text.

safe = "A failed case is put into words without its box."
verdicts = ["wrong_answer"]
case = '''
complaint = attack.attack(HINTS)
if complaint:
    raise AssertionError(complaint)
'''
"""

import time


class Words:
    def __str__(self):
        time.sleep(60)


def attack(hints):
    return Words()
