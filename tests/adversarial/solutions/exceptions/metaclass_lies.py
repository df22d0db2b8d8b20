"""Raises an exception whose class lies about its ancestors.

safe = "It is told in other words."
"""


class Meta(type):
    @property
    def __mro__(cls):
        return ()

    @property
    def __name__(cls):
        raise SystemExit


class Bad(Exception, metaclass=Meta):
    pass


def attack(hints):
    raise Bad
