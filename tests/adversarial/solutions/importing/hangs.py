"""Never ends its import.

safe = "The import has a deadline of its own."
verdicts = ["time_limit"]
alone = true
then = "time_limit"
"""

while True:
    pass
