"""Makes memory that the kernel cannot swap or look into.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("memfd_secret", 0)
    return "escaped"
