"""Writes a result file beside the suite.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""


def attack(hints):
    open(hints["folder"] + "/result.json", "x").close()
    return "escaped"
