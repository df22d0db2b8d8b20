"""Calls the suite's function without an end.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = "assert attack.attack(lambda value: value) == SECRET"
"""


def attack(function):
    while True:
        function(1)
