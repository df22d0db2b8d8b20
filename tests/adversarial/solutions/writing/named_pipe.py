"""Creates a named pipe for the judge to hang on.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.mkfifo("/tmp/harness-escape")
    return "escaped"
