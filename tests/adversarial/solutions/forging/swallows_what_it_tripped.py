"""Returns what the suite trips over inside a `with` block, and swallows that too.

safe = "Nothing in the box ends an exception of the suite's."
verdicts = ["wrong_answer"]
case = '''
with attack.make() as manager:
    assert manager.value()[0] == SECRET
'''
"""


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return True

    def value(self):
        return None


def make():
    return Manager()
