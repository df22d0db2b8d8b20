"""Looks through all objects for the suite's or the policy's.

safe = "There are none."
verdicts = ["runtime_error", "time_limit"]
"""

import gc


def attack(hints):
    found = [
        thing
        for thing in gc.get_objects()
        if type(thing) is dict and ("protected" in thing or "HINTS" in thing)
    ]
    assert found
    return "escaped"
