"""Answers an old request from a thread while the next one is open.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
case = '''
attack.attack(HINTS)
assert attack.attack(HINTS) == ESCAPED
'''
"""

import threading
import time

import wire

sent = []


def attack(hints):
    channel, number = wire.request()
    late = wire.pack([channel, number, "return", "escaped"])
    if not sent:
        sent.append(1)
        threading.Timer(0.05, wire.send, [late]).start()
    else:
        time.sleep(0.2)
