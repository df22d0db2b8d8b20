"""Forks when it is imported.

safe = "No case runs without the import."
verdicts = ["import_error"]
exempt = ["process"]
alone = true
then = "import_error"
"""

import os

os.fork()
