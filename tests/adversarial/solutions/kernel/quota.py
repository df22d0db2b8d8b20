"""Sets disk quotas.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("quotactl", 0, 0, 0, 0)
    return "escaped"
