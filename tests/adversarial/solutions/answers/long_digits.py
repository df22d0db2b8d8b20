"""Returns digits that take for ever to become a number.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer", "time_limit"]
case = "assert int(attack.attack(HINTS)) == 3"
"""


def attack(hints):
    return "9" * 1_000_000
