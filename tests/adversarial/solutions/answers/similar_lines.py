r"""Returns lines that are hard to compare with the right ones.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer", "time_limit"]
case = '''
expected = '\n'.join(f'line number {n} of the text {n * 7919}' for n in range(60))
assert attack.attack(HINTS) == expected
'''
"""


def attack(hints):
    return "\n".join(f"line number {n} of thx texx {n * 6661}" for n in range(60_000))
