"""Lists the root, /tmp and every folder above.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import os


def attack(hints):
    for path in ("/tmp", "/home", "/root", "..", "/"):
        os.listdir(path)
    return "escaped"
