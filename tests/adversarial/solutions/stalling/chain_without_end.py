"""Leads a suite that follows its objects deeper than the stack, where no answer can be read.

safe = "An answer that was not read ends the case, whatever the suite expects."
case = '''
import sys
def follow(thing):
    return follow(thing.next)
deepest = sys.getrecursionlimit()
sys.setrecursionlimit(500)  # soon enough on a busy machine, too
try:
    with pytest.raises(RecursionError):
        follow(attack.attack(HINTS))
finally:
    sys.setrecursionlimit(deepest)
'''
words = "deeper than Python's stack"
"""


class Link:
    @property
    def next(self):
        return Link()


def attack(hints):
    return Link()
