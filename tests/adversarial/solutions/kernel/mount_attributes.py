"""Makes its root writable again.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("mount_setattr", -100, b"/", 0, bytes(32), 32)
    return "escaped"
