"""Ends its process with exit code 0 in the middle of a call.

safe = "The end of the process is the failure, whatever its code."
"""

import os


def attack(hints):
    os._exit(0)
