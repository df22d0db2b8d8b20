"""Returns a number that the suite sleeps for.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = "time.sleep(attack.attack(HINTS))"
"""


def attack(hints):
    return 10**6
