"""Never tells its text.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = "assert str(attack.make()) == SECRET"
"""


class Never:
    def __str__(self, *_):
        while True:
            pass

    def __exit__(self, *_):
        return True


def make():
    return Never()
