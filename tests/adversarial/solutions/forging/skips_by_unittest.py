"""Raises unittest.SkipTest so that the case counts as skipped.

safe = "An exception like any other."
"""

import unittest


def attack(hints):
    raise unittest.SkipTest("not today")
