"""Calls back from a hundred threads at once, and never returns.

safe = "The case's one deadline ends it."
verdicts = ["time_limit", "runtime_error"]
case = "assert attack.attack(lambda value: value) == SECRET"
"""

import threading


def attack(function):
    for _ in range(100):
        threading.Thread(target=lambda: [function(1) for _ in range(10**6)], daemon=True).start()
    threading.Event().wait()
