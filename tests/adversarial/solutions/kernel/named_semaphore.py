"""Makes a POSIX semaphore through multiprocessing.

safe = "The call is refused."
exempt = ["process"]
"""

import multiprocessing


def attack(hints):
    multiprocessing.Semaphore()
    return "escaped"
