"""Raises inside a `with` block of its own, and swallows that.

safe = "Nothing in the box ends an exception of the suite's."
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
        raise KeyError("none")


def make():
    return Manager()
