"""Raises an exception whose message never ends.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""


class Bad(Exception):
    def __str__(self):
        while True:
            pass


def attack(hints):
    raise Bad
