"""Answers every step of an iteration with a new object.

safe = "Steps count, and the deadline stands."
verdicts = ["time_limit", "runtime_error"]
case = "assert list(attack.attack(HINTS)) == [SECRET]"
"""


def attack(hints):
    while True:
        yield object()
