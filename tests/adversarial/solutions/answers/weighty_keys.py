"""Returns a set of nested frozensets.

safe = "It is told that this cannot be sent."
verdicts = ["runtime_error", "wrong_answer", "time_limit"]
"""


def attack(hints):
    return {frozenset([frozenset(range(300)), n]) for n in range(300)}
