"""Has the kernel signal the judge when its stream is ready.

safe = "The call is refused."
exempt = ["process"]
"""

import fcntl


def attack(hints):
    fcntl.fcntl(4, fcntl.F_SETOWN, hints["judge"])
    return "escaped"
