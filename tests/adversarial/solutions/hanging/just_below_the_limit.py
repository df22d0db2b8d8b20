"""Sleeps a little less than the limit, in each of many calls.

safe = "The deadline is the case's and not a call's."
verdicts = ["time_limit"]
case = '''
for _ in range(20):
    assert attack.attack(HINTS) == ESCAPED
'''
"""

import time


def attack(hints):
    time.sleep(0.1)
    return "escaped"
