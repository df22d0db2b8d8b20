"""Plants a .pth file.

safe = "The judge has its own folder and options; the box never looks at it."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
[files]
"escape.pth" = '''
import os; os._exit(0)
'''
"""


def attack(hints):
    return None
