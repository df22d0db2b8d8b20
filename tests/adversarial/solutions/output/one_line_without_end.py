"""Prints one line without an end.

safe = "The kernel ends the output at its limit."
verdicts = ["output_limit", "time_limit"]
"""


def attack(hints):
    while True:
        print("x" * 1000, end="")
