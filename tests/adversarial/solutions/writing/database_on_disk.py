"""Keeps a database on disk.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import sqlite3


def attack(hints):
    sqlite3.connect("/tmp/harness-escape.db").execute("create table t (a)")
    return "escaped"
