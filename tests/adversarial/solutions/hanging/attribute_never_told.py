"""Never tells an attribute.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = "assert attack.make().value == SECRET"
"""


class Never:
    def __getattr__(self, *_):
        while True:
            pass

    def __exit__(self, *_):
        return True


def make():
    return Never()
