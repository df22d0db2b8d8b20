"""Returns a format with a width of gigabytes.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
case = "assert attack.attack(HINTS).format(SECRET) == SECRET"
"""


def attack(hints):
    return "{:>9999999999}"
