"""Sorts by a comparison that never ends.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""


class Never:
    def __lt__(self, other):
        while True:
            pass


def attack(hints):
    sorted([Never(), Never()])
