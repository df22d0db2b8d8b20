"""Closes the stream to the judge.

safe = "The judge sees its end."
"""

import os
import time


def attack(hints):
    os.close(4)
    time.sleep(30)
