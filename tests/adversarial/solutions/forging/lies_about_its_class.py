"""Returns an object whose __class__ says str.

safe = "Types are taken by type(), and it crosses as a handle."
verdicts = ["wrong_answer"]
"""


class Liar:
    __class__ = str

    def __str__(self):
        return "escaped"


def attack(hints):
    return Liar()
