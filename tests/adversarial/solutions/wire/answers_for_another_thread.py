"""Answers the request of one thread of the suite on the channel of another.

safe = "The protocol is broken: judge_error, or the time limit, never a pass."
verdicts = ["judge_error", "time_limit"]
case = '''
import threading
waits = threading.Thread(target=attack.wait)
waits.start()
try:
    assert attack.attack(HINTS) == ESCAPED
finally:
    waits.join()
'''
"""

import threading
import time

import wire

waiting = []
known = threading.Event()


def wait():
    waiting.append(wire.request())
    known.set()
    time.sleep(60)


def attack(hints):
    known.wait()
    (_, number), (channel, _) = waiting[0], wire.request()
    wire.send(wire.pack([channel, number, "return", "escaped"]))
    time.sleep(60)
