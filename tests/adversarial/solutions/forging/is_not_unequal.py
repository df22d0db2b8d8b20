"""Returns NaN where the suite asks whether two values differ.

safe = "NaN crosses exactly, and differs from everything."
verdicts = ["wrong_answer"]
case = "assert not attack.attack(HINTS) != SECRET"
"""


def attack(hints):
    return float("nan")
