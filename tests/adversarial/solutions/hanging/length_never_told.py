"""Never tells its length.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = "assert len(attack.make()) == 1"
"""


class Never:
    def __len__(self, *_):
        while True:
            pass

    def __exit__(self, *_):
        return True


def make():
    return Never()
