"""State that is to reach a later case."""

import builtins
import codecs
import contextlib
import fcntl
import gc
import locale
import os
import random
import re
import sys
import threading
import time
import warnings

from marks import attack


@attack("They end with the box.", verdicts=["wrong_answer"])
def a_state_is_planted(hints):
    """Leave notes in modules, variables, descriptors and threads."""
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


@attack("A box is fresh.", verdicts=["wrong_answer"])
def b_state_is_looked_for(hints):
    """Look in a later box for the notes of an earlier one."""
    found = [
        hasattr(builtins, "harness_escape") or "harness_escape" in sys.modules,
        hasattr(re, "harness_escape") or hasattr(random, "harness_escape"),
        "HARNESS_ESCAPE" in os.environ or "harness_escape" in sys.path,
        os.umask(0o022) == 0,
        threading.active_count() > 1,
        any(fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_APPEND for fd in (0, 1, 2, 4)),
    ]
    return "escaped" if any(found) else None


count = []


@attack("Each case starts afresh.", verdicts=["wrong_answer"])
def counter_of_cases(hints):
    """Count in a module the cases it has seen."""
    count.append(random.random())
    return "escaped" if len(count) > 1 else None


@attack("They see only code of the box.", verdicts=["wrong_answer", "runtime_error", "time_limit"])
def hooks(hints):
    """Install trace, profile, audit and import hooks."""
    seen = []
    sys.setprofile(lambda frame, *_: seen.append(frame.f_code.co_filename))
    sys.addaudithook(lambda *_: None)
    sys.meta_path.insert(0, None)
    sys.unraisablehook = sys.excepthook = print
    sys.setswitchinterval(100)
    return "escaped" if any("test_hidden" in name for name in seen) else None


@attack("The judge has its own.", verdicts=["time_limit"])
def patched_clock(hints):
    """Replace the clocks and sleep of its process."""
    time.time = time.monotonic = time.perf_counter = lambda: 0.0
    time.sleep = lambda seconds: None
    while True:
        pass


@attack("It breaks its own process.", verdicts=["wrong_answer", "runtime_error", "time_limit"])
def switches_of_the_interpreter(hints):
    """Turn every switch of its interpreter that the code serving it depends on."""

    def leave(*_):
        os._exit(0)

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
