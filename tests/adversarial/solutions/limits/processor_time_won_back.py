"""Ignores the signal of its soft limit of processor time, and raises that to the hard one.

safe = "The hard limit follows a second later."
verdicts = ["wrong_answer"]
"""

import resource
import signal


def attack(hints):
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
    used = resource.getrusage(resource.RUSAGE_SELF)
    # The arena allows two seconds, begun ones are given, and the import has had its own.
    return "escaped" if hard - used.ru_utime - used.ru_stime > 5 else hard
