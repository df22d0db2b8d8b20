"""Learns the expected value from a failed assert in its `with` block.

safe = "The words of a failed assert never leave the judge."
verdicts = ["wrong_answer"]
case = '''
manager = attack.make()
with pytest.raises(AssertionError), manager:
    assert manager.value() == SECRET
assert manager.value() == SECRET
'''
"""

told = []


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        told.append(str(error))
        return False

    def value(self):
        for text in told:
            for word in text.split("'"):
                if len(word) == 32:
                    return word
        return 1


def make():
    return Manager()
