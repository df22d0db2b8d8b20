"""Returns a list that contains itself.

safe = "It is told that this cannot be sent."
verdicts = ["runtime_error"]
"""


def attack(hints):
    loop = []
    loop.append(loop)
    return loop
