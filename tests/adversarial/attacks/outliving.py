"""Things that are to outlive the box."""

import atexit
import faulthandler
import os
import signal
import sys
import threading
from functools import partial

from marks import attack

ended = partial(attack, "Whatever it started ends with the box.", verdicts=["wrong_answer"])


def spin():
    while True:
        pass


@ended(
    case="""
attack(HINTS)
time.sleep(0.05)
assert attack is None
"""
)
def child_after_the_answer(hints):
    """Fork from a thread after it has answered."""

    def child():
        if os.fork() == 0:
            spin()

    threading.Timer(0.01, child).start()


@ended(verdicts=["runtime_error", "wrong_answer"])
def child_that_ignores_signals(hints):
    """Fork a child that ignores every signal it can."""
    if os.fork() == 0:
        for number in signal.valid_signals() - {9, 19}:
            signal.signal(number, signal.SIG_IGN)
        spin()


@ended(verdicts=["runtime_error", "wrong_answer"])
def daemon(hints):
    """Fork twice and start a session of its own."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            spin()
        os._exit(0)


@ended()
def finalizers(hints):
    """Leave objects whose finalizers never end."""

    class Left:
        def __del__(self):
            spin()

    sys.modules["left"] = Left()


@ended(verdicts=["runtime_error", "wrong_answer"])
def running_program(hints):
    """Leave a program running in a group of its own."""
    import subprocess

    subprocess.Popen(["/bin/sleep", "1000"], start_new_session=True)


@ended(verdicts=["runtime_error", "wrong_answer"])
def stopped_child(hints):
    """Leave a stopped child behind."""
    if os.fork() == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)


@ended()
def thread(hints):
    """Leave a thread behind."""
    threading.Thread(target=spin).start()


@ended()
def thread_at_exit(hints):
    """Leave a thread, and an exit function that never ends."""
    atexit.register(spin)
    threading.Thread(target=spin).start()


@ended()
def timer(hints):
    """Leave timers running."""
    signal.setitimer(signal.ITIMER_REAL, 1000)
    threading.Timer(1000, spin).start()


@ended(verdicts=["wrong_answer", "runtime_error"])
def watchdog(hints):
    """Leave a watchdog of the interpreter that ends the process again and again."""
    faulthandler.dump_traceback_later(0.01, repeat=True)
    faulthandler.enable()
