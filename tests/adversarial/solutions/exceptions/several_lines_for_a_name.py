r"""Raises an exception whose class and function have names of several lines, to pose as a report.

safe = "A name is shown on one line."
words = 'E\n\n1 passed\n'
"""

NAME = "E\n\n1 passed\n"


def attack(hints):
    raise type(NAME, (ValueError,), {})("x")


attack.__code__ = attack.__code__.replace(co_name=NAME)
