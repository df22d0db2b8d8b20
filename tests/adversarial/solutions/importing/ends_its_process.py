"""Ends its process when it is imported.

safe = "No case runs without the import."
verdicts = ["runtime_error"]
alone = true
then = "runtime_error"
"""

import os

os._exit(0)
