"""Deletes builtins and empties the table of modules.

safe = "It breaks its own process."
verdicts = ["wrong_answer", "runtime_error", "import_error", "judge_error"]
alone = true
then = "runtime_error"
"""

import builtins
import sys

for name in ("len", "type", "isinstance", "__import__"):
    delattr(builtins, name)
sys.modules.clear()


def attack(hints):
    return None
