"""Replaces a failed assert by the exception that the suite waits for.

safe = "Nothing in the box replaces an exception of the suite's."
verdicts = ["wrong_answer"]
case = '''
with pytest.raises(OddError), attack.make() as manager:
    assert manager.value() == SECRET
'''
"""


class OddError(ValueError):
    pass


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        raise OddError("as expected")

    def value(self):
        return 1


def make():
    return Manager()
