"""Starts a process by multiprocessing.

safe = "The call is refused."
exempt = ["process"]
"""

import multiprocessing


def attack(hints):
    multiprocessing.Process(target=int).start()
    return "escaped"
