"""Starts threads, timers and exit functions when it is imported.

safe = "They end with the box."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
"""

import atexit
import threading
import time

for _ in range(20):
    threading.Thread(target=time.sleep, args=(1000,)).start()
atexit.register(time.sleep, 1000)


def attack(hints):
    return None
