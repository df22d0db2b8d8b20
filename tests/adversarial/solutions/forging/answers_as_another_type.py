"""Returns a string's bytes, its list and its repr instead of the string.

safe = "Types cross exactly."
verdicts = ["wrong_answer"]
"""


def attack(hints):
    return (b"escaped", list("escaped"), repr("escaped"))
