"""Plants a conftest.py that makes every case pass.

safe = "The judge has its own folder and options; the box never looks at it."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
[files]
"conftest.py" = '''
import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    report = yield
    report.get_result().outcome = "passed"
'''
"""


def attack(hints):
    return None
