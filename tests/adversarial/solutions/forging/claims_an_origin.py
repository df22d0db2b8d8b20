"""Sets the attributes by which the judge knows whose an exception is.

safe = "The judge sets its own over them."
"""


def attack(hints):
    error = ValueError("x")
    error.harness_origin = None
    error.args = ("escaped",)
    raise error
