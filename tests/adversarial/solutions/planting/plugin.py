"""Plants a plugin of pytest with metadata.

safe = "The judge has its own folder and options; the box never looks at it."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
[files]
"escape-1.0.dist-info/entry_points.txt" = '''
[pytest11]
escape = escape
'''
"""


def attack(hints):
    return None
