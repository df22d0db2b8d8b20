"""Tells a text as its length.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer", "runtime_error"]
words = "cannot be interpreted"
case = "assert len(attack.make()) == 5"
"""


class Liar:
    def __len__(self):
        return "5"

    def __iter__(self):
        return iter([1])


def make():
    return Liar()
