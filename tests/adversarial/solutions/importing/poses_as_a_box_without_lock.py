"""Ends with the exit code of a box that could not be locked.

safe = "A judge_error is never a pass."
verdicts = ["judge_error"]
alone = true
then = "judge_error"
"""

import os

os._exit(71)
