"""Takes the judge's descriptors away by a limit.

safe = "The call is refused."
exempt = ["process"]
"""

import resource


def attack(hints):
    resource.prlimit(hints["judge"], resource.RLIMIT_NOFILE, (0, 0))
    return "escaped"
