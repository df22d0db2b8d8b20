"""Stops reading, so that the judge's write would block.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = '''
attack.attack(HINTS)
assert attack.attack('x' * 3_000_000) == SECRET
'''
"""

import sys
import threading


def attack(hints):
    server = sys.modules["_harness_guest.connection"]
    server.Connection.receive = lambda *_: threading.Event().wait()
