"""Prints reports in every format it knows of.

safe = "What is printed is never parsed."
verdicts = ["wrong_answer"]
"""

import sys

REPORT = '1 passed in 0.01s\nok 1 - attack\n<testsuite failures="0"/>\nGrade :=>> 100\n'


def attack(hints):
    print(REPORT)
    print(REPORT, file=sys.stderr)
