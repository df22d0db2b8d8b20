"""Raises an exception with ten thousand attributes.

safe = "A dozen of them cross."
verdicts = ["runtime_error", "time_limit"]
"""


def attack(hints):
    error = ValueError("x")
    for number in range(10_000):
        setattr(error, f"a{number}", number)
    raise error
