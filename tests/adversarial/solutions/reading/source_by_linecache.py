"""Lets linecache, zipimport and runpy read the suite.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import runpy


def attack(hints):
    runpy.run_path(hints["suite"])
    return "escaped"
