"""Returns a context manager that swallows pytest.fail.

safe = "Nothing in the box ends an exception of the suite's."
verdicts = ["wrong_answer"]
case = '''
with attack.make():
    pytest.fail('the suite has found a mistake')
'''
"""


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return True


def make():
    return Manager()
