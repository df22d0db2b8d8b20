"""Returns an expression that the suite matches by.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = '''
import re
assert re.match(attack.attack(HINTS), 'a' * 40 + 'b')
'''
"""


def attack(hints):
    return r"(a+)+$"
