"""Reads the expected value from the words of a failed check.

safe = "The words of a failed assert never leave the judge."
verdicts = ["wrong_answer"]
case = '''
def check(value):
    assert value == SECRET

assert attack.attack(check) == ESCAPED
'''
"""


def attack(check):
    try:
        check(1)
    except BaseException as error:
        return "escaped" if len(str(error)) > 20 else None
