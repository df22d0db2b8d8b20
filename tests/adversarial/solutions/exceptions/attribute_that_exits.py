"""Raises an exception whose properties raise SystemExit.

safe = "What cannot be read is left out."
"""


class Bad(Exception):
    @property
    def path(self):
        raise SystemExit(0)

    args = path


def attack(hints):
    raise Bad
