"""Keeps the suite's function, and calls it when no call is open.

safe = "It waits for a call that does not come."
verdicts = ["wrong_answer"]
case = '''
seen = []
attack.attack(seen.append)
time.sleep(0.1)
assert seen == [ESCAPED]
'''
"""

import threading


def attack(function):
    threading.Timer(0.02, function, ["escaped"]).start()
