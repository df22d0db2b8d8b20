"""Returns a dictionary with keys that differ in the box and are one text outside.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""


class Key(str):
    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other):
        return self is other


def attack(hints):
    return {Key("a"): "escaped", Key("a"): "no"}
