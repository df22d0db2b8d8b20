"""Runs a program by subprocess.

safe = "The call is refused."
exempt = ["process"]
"""

import subprocess


def attack(hints):
    subprocess.run(["/bin/true"], check=True)
    return "escaped"
