"""Changes mode, owner and times of the hidden suite.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.chmod(hints["suite"], 0o777)
    return "escaped"
