"""Plants a test of its own that passes.

safe = "The judge has its own folder and options; the box never looks at it."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
[files]
"test_hidden.py" = '''
def test_everything():
    pass
'''
"""


def attack(hints):
    return None
