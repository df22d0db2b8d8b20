"""Ignores and blocks every signal, and never ends.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import signal


def attack(hints):
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass
