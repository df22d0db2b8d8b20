"""Joins the group of root.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    os.setgroups([0])
    return "escaped"
