"""Puts an object of its own in its place among the modules.

safe = "What is served is whatever Python imports."
verdicts = ["wrong_answer", "runtime_error"]
alone = true
then = "wrong_answer"
"""

import sys


class Everything:
    def __getattr__(self, name):
        return lambda *_: "escaped" if name == "nothing" else None


sys.modules[__name__] = Everything()
