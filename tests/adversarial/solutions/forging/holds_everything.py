"""Returns an object that holds whatever it is asked for by `in`.

safe = "The judge looks for the item itself."
words = "not iterable"
case = "assert SECRET in attack.attack(HINTS)"
"""


class Holder:
    def __contains__(self, item):
        return True


def attack(hints):
    return Holder()
