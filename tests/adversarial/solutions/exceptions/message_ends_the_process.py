"""Raises an exception whose message ends the process.

safe = "The end of the process is the failure."
"""

import os


class Bad(Exception):
    def __str__(self):
        os._exit(0)


def attack(hints):
    raise Bad
