"""Never tells whether it is true.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = "assert bool(attack.make()) is None"
"""


class Never:
    def __bool__(self, *_):
        while True:
            pass

    def __exit__(self, *_):
        return True


def make():
    return Never()
