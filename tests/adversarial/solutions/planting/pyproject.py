"""Plants a pyproject.toml with options for pytest.

safe = "The judge has its own folder and options; the box never looks at it."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
[files]
"pyproject.toml" = '''
[tool.pytest.ini_options]
addopts = "-p no:python"
'''
"""


def attack(hints):
    return None
