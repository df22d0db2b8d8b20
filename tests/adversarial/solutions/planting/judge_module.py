"""Plants a package with the judge's name.

safe = "The judge has its own folder and options; the box never looks at it."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
[files]
"harness/__init__.py" = '''
raise SystemExit(0)
'''
"""


def attack(hints):
    return None
