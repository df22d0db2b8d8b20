"""Creates a file in its working folder.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""


def attack(hints):
    open("harness-escape", "w").close()
    return "escaped"
