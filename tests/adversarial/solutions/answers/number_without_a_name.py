"""Returns nothing where the suite's loop would have set a variable.

safe = "The suite trips over it: a wrong answer, and not the suite's fault."
verdicts = ["wrong_answer"]
case = '''
for part in attack.attack(HINTS):
    last = part
assert last in (ESCAPED, SECRET)
'''
"""


def attack(hints):
    return []
