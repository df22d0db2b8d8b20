"""Installs trace, profile, audit and import hooks.

safe = "They see the box's own code only."
verdicts = ["wrong_answer", "runtime_error", "time_limit"]
"""

import sys


def attack(hints):
    seen = []
    sys.setprofile(lambda frame, *_: seen.append(frame.f_code.co_filename))
    sys.addaudithook(lambda *_: None)
    sys.meta_path.insert(0, None)
    sys.unraisablehook = sys.excepthook = print
    sys.setswitchinterval(100)
    return "escaped" if any("test_hidden" in name for name in seen) else None
