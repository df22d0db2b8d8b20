"""Looks for paths of the judge in its command line.

safe = "There is nothing of the kind."
"""

import sys


def attack(hints):
    words = [*sys.argv, *sys.orig_argv]
    assert any(hints["folder"] in word or "policy" in word for word in words)
    return "escaped"
