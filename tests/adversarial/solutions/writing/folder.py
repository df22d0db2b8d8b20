"""Creates a thousand folders inside each other.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    path = "/tmp/harness-escape"
    for _ in range(1000):
        os.mkdir(path)
        path += "/a"
    return "escaped"
