"""Tells a length of hundreds of millions before it is made a tuple.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer", "runtime_error"]
case = "assert tuple(attack.make()) == (SECRET,)"
"""


class Liar:
    def __len__(self):
        return 3 * 10**8

    def __iter__(self):
        return iter([1])


def make():
    return Liar()
