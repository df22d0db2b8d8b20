"""Returns an iterator whose items are itself.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = '''
answer = attack.attack(HINTS)
assert sorted(answer) == [SECRET]
'''
"""


class Endless:
    def __iter__(self):
        return self

    def __next__(self):
        return self


def attack(hints):
    return Endless()
