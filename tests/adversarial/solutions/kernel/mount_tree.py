"""Takes a copy of the mount tree.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("open_tree", -100, b"/", 1)
    return "escaped"
