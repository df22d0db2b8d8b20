"""Uses tempfile.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import tempfile


def attack(hints):
    tempfile.TemporaryDirectory()
    return "escaped"
