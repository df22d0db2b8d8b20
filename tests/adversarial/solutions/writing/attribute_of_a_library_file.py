"""Sets an extended attribute, a note to the next box.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.setxattr(os.__file__, "user.harness-escape", b"x")
    return "escaped"
