"""Raises a class that derives from KeyboardInterrupt and calls itself _pytest.outcomes.Exit.

safe = "A name is only a name."
"""


def attack(hints):
    kind = type("Exit", (KeyboardInterrupt, SystemExit), {"returncode": 0, "msg": "all passed"})
    kind.__module__ = "_pytest.outcomes"
    raise kind(0)
