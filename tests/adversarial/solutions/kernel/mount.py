"""Mounts a file system.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("mount", b"none", b"/", b"tmpfs", 0, b"")
    return "escaped"
