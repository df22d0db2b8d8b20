"""Tells a length of gigabytes before it is made bytes.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
case = "assert bytes(attack.make()) == b'x'"
"""


class Liar:
    def __len__(self):
        return 2**40

    def __iter__(self):
        return iter([1])


def make():
    return Liar()
