"""Changes the owner of a library file.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.chown(os.__file__, os.getuid(), os.getgid())
    return "escaped"
