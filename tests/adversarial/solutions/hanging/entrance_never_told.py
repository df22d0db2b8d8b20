"""Never lets the suite into its `with` block.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = '''
with attack.make():
    pass
'''
"""


class Never:
    def __enter__(self, *_):
        while True:
            pass

    def __exit__(self, *_):
        return True


def make():
    return Never()
