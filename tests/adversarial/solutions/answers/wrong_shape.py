"""Returns None where the suite indexes.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
case = "assert attack.attack(HINTS)['a'][0] == SECRET"
"""


def attack(hints):
    return None
