"""Returns a list nested a thousand deep.

safe = "It is told that this cannot be sent."
verdicts = ["runtime_error"]
"""


def attack(hints):
    deep = []
    for _ in range(1000):
        deep = [deep]
    return deep
