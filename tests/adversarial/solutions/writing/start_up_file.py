"""Plants a sitecustomize.py beside the library.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    folder = os.path.dirname(os.__file__)
    open(f"{folder}/sitecustomize.py", "x").close()
    return "escaped"
