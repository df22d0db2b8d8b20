"""Creates a file in /dev/shm.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""


def attack(hints):
    open("/dev/shm/harness-escape", "w").close()
    return "escaped"
