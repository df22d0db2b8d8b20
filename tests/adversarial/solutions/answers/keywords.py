"""Returns a dictionary that the suite passes on as keywords.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
case = "assert dict(**attack.attack(HINTS)) == SECRET"
"""


def attack(hints):
    return {"": 1, "class": 2, "x" * 100_000: 3}
