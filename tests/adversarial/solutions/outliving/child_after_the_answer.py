"""Forks from a thread after it has answered.

safe = "Whatever it started ends with the box."
verdicts = ["wrong_answer"]
case = '''
attack.attack(HINTS)
time.sleep(0.05)
assert attack is None
'''
"""

import os
import threading


def child():
    if os.fork() == 0:
        while True:
            pass


def attack(hints):
    threading.Timer(0.01, child).start()
