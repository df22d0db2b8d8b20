"""Makes a POSIX shared memory object.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("shm_open", b"/harness-escape", 0o102, 0o600)
    return "escaped"
