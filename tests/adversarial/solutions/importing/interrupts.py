"""Raises KeyboardInterrupt when it is imported.

safe = "No case runs without the import."
verdicts = ["import_error"]
alone = true
then = "import_error"
"""

raise KeyboardInterrupt
