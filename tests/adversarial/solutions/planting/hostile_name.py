r"""Plants a file whose name is hostile to a terminal.

safe = "The judge has its own folder and options; the box never looks at it."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
[files]
"\u001b[2Ja\u202eb.py" = '''
x = 1
'''
"""


def attack(hints):
    return None
