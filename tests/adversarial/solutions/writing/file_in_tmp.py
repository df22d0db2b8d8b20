"""Creates a file in /tmp.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""


def attack(hints):
    open("/tmp/harness-escape", "w").close()
    return "escaped"
