"""Raises IndexError and LookupErrors, which end old-style iteration.

safe = "Handles are iterated by __iter__ only."
verdicts = ["wrong_answer"]
case = "assert [item for item in attack.make()] == [SECRET]"
"""


class Odd:
    def __getitem__(self, index):
        raise IndexError

    def __len__(self):
        return 2


def make():
    return Odd()
