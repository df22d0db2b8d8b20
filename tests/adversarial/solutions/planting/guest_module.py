"""Plants a package with the name of the code that serves it.

safe = "The judge has its own folder and options; the box never looks at it."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
[files]
"_harness_guest/__init__.py" = '''
raise SystemExit(0)
'''
"""


def attack(hints):
    return None
