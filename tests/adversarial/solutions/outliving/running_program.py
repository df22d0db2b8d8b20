"""Leaves a program running in a group of its own.

safe = "Whatever it started ends with the box."
verdicts = ["runtime_error", "wrong_answer"]
"""

import subprocess


def attack(hints):
    subprocess.Popen(["/bin/sleep", "1000"], start_new_session=True)
