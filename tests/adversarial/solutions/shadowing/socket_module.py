"""Brings a module called socket that ends the process.

safe = "It hides the library's in the box alone, and only for what it imports itself."
verdicts = ["wrong_answer"]
alone = true
then = "accepted"
[files]
"socket.py" = '''
import os

os._exit(0)
'''
"""


def attack(hints):
    return None
