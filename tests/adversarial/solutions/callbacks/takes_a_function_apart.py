"""Asks the suite's function for its globals, closure and code.

safe = "What the box holds is a number."
words = "no attribute '__globals__'"
case = "assert attack.attack(lambda value: SECRET) == SECRET"
"""


def attack(function):
    return function.__globals__["SECRET"]
