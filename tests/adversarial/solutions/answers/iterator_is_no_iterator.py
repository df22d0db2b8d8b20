"""Returns a list where Python wants an iterator.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
case = "assert list(attack.make()) == [1, 2]"
"""

import sys


class Odd:
    pass


def make():
    sys.modules["_harness_guest.server"].OPERATIONS["iter"] = lambda _: [1, 2]
    return Odd()
