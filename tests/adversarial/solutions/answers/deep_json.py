"""Returns JSON nested a hundred thousand deep.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer", "time_limit"]
case = '''
import json
assert json.loads(attack.attack(HINTS)) == SECRET
'''
"""


def attack(hints):
    return "[" * 100_000
