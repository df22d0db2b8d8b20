"""Has itself interrupted thousands of times a second.

safe = "Only its own process is slowed."
verdicts = ["wrong_answer"]
"""

import signal


def attack(hints):
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
