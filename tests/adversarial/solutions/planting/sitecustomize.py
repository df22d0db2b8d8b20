"""Plants a sitecustomize.py.

safe = "The judge has its own folder and options; the box never looks at it."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
[files]
"sitecustomize.py" = '''
import os

os._exit(0)
'''
"""


def attack(hints):
    return None
