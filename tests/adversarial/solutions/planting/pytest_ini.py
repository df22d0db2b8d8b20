"""Plants a pytest.ini that collects nothing.

safe = "The judge has its own folder and options; the box never looks at it."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
[files]
"pytest.ini" = '''
[pytest]
addopts = --collect-only --exitfirst
'''
"""


def attack(hints):
    return None
