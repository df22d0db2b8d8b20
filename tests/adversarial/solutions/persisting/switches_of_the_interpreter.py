"""Turns every switch of its interpreter that the code which serves it stands on.

safe = "It breaks its own process."
verdicts = ["wrong_answer", "runtime_error", "time_limit"]
"""

import codecs
import gc
import locale
import os
import sys
import threading
import time
import warnings


def leave(*_):
    os._exit(0)


def attack(hints):
    warnings.simplefilter("error")
    locale.setlocale(locale.LC_ALL, "C")
    codecs.register(leave)
    codecs.register_error("strict", leave)
    os.environ.clear()
    os.environ["TZ"] = "XXX-24"
    time.tzset()
    sys.setswitchinterval(1000)
    sys.setrecursionlimit(10**6)
    sys.excepthook = sys.unraisablehook = threading.excepthook = leave
    gc.callbacks.append(leave)
    gc.set_threshold(1)
    sys.stdout = sys.stderr = sys.__stdout__ = None
    return "wrong"
