"""Looks in a later box for the notes of an earlier one.

safe = "A box is fresh."
verdicts = ["wrong_answer"]
"""

import builtins
import fcntl
import os
import random
import re
import sys
import threading


def attack(hints):
    found = [
        hasattr(builtins, "harness_escape") or "harness_escape" in sys.modules,
        hasattr(re, "harness_escape") or hasattr(random, "harness_escape"),
        "HARNESS_ESCAPE" in os.environ or "harness_escape" in sys.path,
        os.umask(0o022) == 0,
        threading.active_count() > 1,
        any(fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_APPEND for fd in (0, 1, 2, 4)),
    ]
    return "escaped" if any(found) else None
