"""Makes a POSIX message queue.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("mq_open", b"/harness-escape", 0o102, 0o600, 0)
    return "escaped"
