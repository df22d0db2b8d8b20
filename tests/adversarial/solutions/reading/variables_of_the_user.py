"""Looks for the person's variables in its environment.

safe = "The environment is made from nothing."
"""

import os


def attack(hints):
    home = os.environ["HARNESS_HOME"]
    assert home
    return "escaped"
