"""Plants a compiled file in the library's cache.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    folder = os.path.dirname(os.__file__)
    open(f"{folder}/__pycache__/harness-escape.pyc", "x").close()
    return "escaped"
