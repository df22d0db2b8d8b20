"""Calls back with keywords that are no names.

safe = "They reach the function as Python allows, and it refuses them."
words = "unexpected keyword"
case = "assert attack.attack(lambda value: SECRET) == SECRET"
"""


def attack(function):
    return function(**{"self": 1, "class": 2, "": 3})
