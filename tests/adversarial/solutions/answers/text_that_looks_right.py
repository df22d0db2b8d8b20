r"""Returns texts that look like the right one: decomposed, look-alike, with invisible marks.

safe = "Text crosses as it is."
verdicts = ["wrong_answer"]
case = '''
right = "caf\u00e9"
assert any(attempt == right for attempt in attack.attack(HINTS))
'''
"""


def attack(hints):
    return ["cafe\u0301", "c\u0430f\u00e9", "caf\u00e9\u200b", "\ufeffcaf\u00e9", "caf\ufe0f\u00e9"]
