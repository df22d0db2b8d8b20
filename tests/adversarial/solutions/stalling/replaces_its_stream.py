"""Puts /dev/zero in place of the stream.

safe = "The judge's end sees the stream closed."
"""

import os
import time


def attack(hints):
    os.dup2(os.open("/dev/zero", os.O_RDONLY), 4)
    time.sleep(30)
