"""Leaves notes in modules, variables, descriptors and threads.

safe = "They end with the box."
verdicts = ["wrong_answer"]
"""

import builtins
import contextlib
import fcntl
import os
import random
import re
import sys
import threading


def attack(hints):
    builtins.harness_escape = sys.modules["harness_escape"] = sys
    re.harness_escape = random.harness_escape = True
    os.environ["HARNESS_ESCAPE"] = "x"
    sys.path.append("harness_escape")
    os.umask(0)
    random.seed(4711)
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    for descriptor in (0, 1, 2, 4):
        with contextlib.suppress(OSError):
            flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
            fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_APPEND)
