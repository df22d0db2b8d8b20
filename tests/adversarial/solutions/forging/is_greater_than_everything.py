"""Returns an object that wins every order comparison.

safe = "A handle has no order."
verdicts = ["wrong_answer"]
case = "assert max([SECRET, attack.attack(HINTS)]) != SECRET"
"""


class Most:
    def __gt__(self, other):
        return True

    __lt__ = __ge__ = __le__ = __gt__


def attack(hints):
    return Most()
