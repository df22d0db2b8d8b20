"""Returns an object that says it equals whatever it is compared with.

safe = "No comparison runs its code."
verdicts = ["wrong_answer"]
"""


class Same:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = object.__hash__


def attack(hints):
    return Same()
