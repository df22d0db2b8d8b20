"""Calls back with a list that contains itself.

safe = "It is told that this cannot be sent."
case = "assert attack.attack(lambda value: SECRET) == SECRET"
"""


def attack(function):
    loop = []
    loop.append(loop)
    return function(loop)
