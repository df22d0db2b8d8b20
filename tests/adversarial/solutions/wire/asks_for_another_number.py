"""Takes a callback object apart and calls a function it was not given.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
case = "assert attack.attack(print) == SECRET"
"""


def attack(hints):
    return type(hints)(hints._server, 99)(1)
