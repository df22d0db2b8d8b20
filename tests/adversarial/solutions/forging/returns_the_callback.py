"""Returns the function that the suite has passed, as the answer.

safe = "It is that function, and equals nothing else."
verdicts = ["wrong_answer"]
case = '''
answer = attack.attack(lambda value: value == SECRET)
assert answer == SECRET
'''
"""


def attack(check):
    return check
