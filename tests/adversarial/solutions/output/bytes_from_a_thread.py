"""Floods the output from a thread, and answers.

safe = "The kernel ends the output at its limit."
verdicts = ["output_limit", "time_limit"]
"""

import os
import threading
import time


def flood():
    while True:
        os.write(1, bytes(1000))


def attack(hints):
    threading.Thread(target=flood).start()
    time.sleep(0.2)
