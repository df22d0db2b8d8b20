"""Returns an object that is true, false and True at once.

safe = "`is` looks at the object, which is a handle."
verdicts = ["wrong_answer"]
case = "assert attack.attack(HINTS) is True"
"""


class Both:
    def __bool__(self):
        return True

    def __index__(self):
        return 1

    __class__ = bool


def attack(hints):
    return Both()
