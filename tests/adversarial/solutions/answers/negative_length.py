"""Tells a negative length.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer", "runtime_error"]
case = "assert len(attack.make()) == -1"
"""


class Liar:
    def __len__(self):
        return -1

    def __iter__(self):
        return iter([1])


def make():
    return Liar()
