"""Returns a float whose subclass equals everything and hashes as it likes.

safe = "It crosses as the exact builtin."
verdicts = ["wrong_answer"]
"""


class Same(float):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0

    def __contains__(self, item):
        return True


def attack(hints):
    return Same(5.0)
