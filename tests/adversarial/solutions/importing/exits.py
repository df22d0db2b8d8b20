"""Leaves by sys.exit(0) when it is imported.

safe = "No case runs without the import."
verdicts = ["import_error"]
alone = true
then = "import_error"
"""

import sys

sys.exit(0)
