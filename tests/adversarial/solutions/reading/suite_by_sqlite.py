"""Lets the sqlite library open the suite.

safe = "The file cannot be opened."
"""

import sqlite3


def attack(hints):
    sqlite3.connect(f"file:{hints['suite']}?mode=ro", uri=True).execute(
        "select 1 from sqlite_master"
    )
    return "escaped"
