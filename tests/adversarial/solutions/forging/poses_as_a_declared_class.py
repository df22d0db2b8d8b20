"""Returns an object of a class that has the name of a declared one.

safe = "The name only decides how a method is asked for."
verdicts = ["wrong_answer"]
case = "assert attack.make().work() == SECRET"
"""


class Thing:
    def work(self):
        return self


def make():
    return Thing()
