"""Learns the expected value from `in`, and returns it at the next call.

safe = "The item never reaches the box."
verdicts = ["runtime_error", "wrong_answer"]
case = '''
attack.attack(HINTS).__contains__(SECRET)
assert attack.attack(HINTS) == SECRET
'''
"""

seen = []


class Holder:
    def __contains__(self, item):
        seen.append(item)
        return True

    def __iter__(self):
        return iter([1])


def attack(hints):
    return seen[0] if seen else Holder()
