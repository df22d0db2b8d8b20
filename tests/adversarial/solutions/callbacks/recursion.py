"""Calls back, in the call that the callback makes, and so on.

safe = "Callbacks nest up to a bound."
verdicts = ["runtime_error", "time_limit"]
case = '''
def again():
    return attack.attack(again)

assert attack.attack(again) == SECRET
'''
"""


def attack(function):
    return function()
