"""Plants a setup.cfg and a tox.ini.

safe = "The judge has its own folder and options; the box never looks at it."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
[files]
"setup.cfg" = '''
[tool:pytest]
addopts = --deselect .
'''
"""


def attack(hints):
    return None
