"""Allocates without an end when it is imported.

safe = "No case runs without the import."
verdicts = ["import_error", "memory_limit"]
alone = true
then = "import_error"
"""

kept = []
while True:
    kept.append(bytearray(10_000_000))
