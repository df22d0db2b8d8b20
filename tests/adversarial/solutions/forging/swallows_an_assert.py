"""Returns a context manager that swallows a failed assert.

safe = "Nothing in the box ends an exception of the suite's."
verdicts = ["wrong_answer"]
case = '''
with attack.make() as manager:
    assert manager.value() == SECRET
'''
"""


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return True

    def value(self):
        return 1


def make():
    return Manager()
