"""Tells a length of 2**62 before it is made a list.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
case = "assert list(attack.make()) == [SECRET]"
"""


class Liar:
    def __len__(self):
        return 2**62

    def __iter__(self):
        return iter([1])


def make():
    return Liar()
