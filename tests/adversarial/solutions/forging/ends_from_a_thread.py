"""Ends its process from a thread of its own.

safe = "The end of the process is the failure."
"""

import os
import threading
import time


def attack(hints):
    threading.Thread(target=os._exit, args=(0,)).start()
    time.sleep(5)
