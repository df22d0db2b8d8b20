"""Writes every byte there is to its output, and half of a character at its end.

safe = "Output is kept raw, and escaped where it is shown."
verdicts = ["wrong_answer"]
"""

import os


def attack(hints):
    os.write(1, bytes(range(256)) + b"\xed\xa0\x80\xf0\x9f")
