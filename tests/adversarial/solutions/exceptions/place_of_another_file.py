"""Raises from code that says it stands in the hidden suite.

safe = "Only the submission's own files are named."
"""


def attack(hints):
    exec(compile("1 / 0", hints["suite"], "exec"))
