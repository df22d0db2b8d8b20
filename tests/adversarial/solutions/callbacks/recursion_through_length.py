"""Calls back from a length, which the callback asks for again, and so on.

safe = "Callbacks nest up to a bound."
verdicts = ["runtime_error", "time_limit"]
case = '''
thing = attack.attack(lambda: len(thing))
assert len(thing) == 1
'''
"""


class Thing:
    def __init__(self, ask):
        self.ask = ask

    def __len__(self):
        return self.ask()


def attack(ask):
    return Thing(ask)
