"""Code that runs while the solution is imported."""

import atexit
import builtins
import os
import struct
import sys
import threading
import time

from marks import attack


def send(body):
    os.write(4, struct.pack(">I", len(body)) + body)


@attack(
    "A protocol violation: runtime_error, never a pass.",
    verdicts=["runtime_error"],
    on_import=True,
    then="runtime_error",
)
def answers_before_it_is_asked():
    """Send an answer."""
    send(b'[1,0,"return","escaped"]')


@attack(
    "It breaks its own process.",
    verdicts=["wrong_answer", "runtime_error", "import_error", "judge_error"],
    on_import=True,
    then="runtime_error",
)
def breaks_the_interpreter():
    """Delete builtins and empty the table of modules."""
    for name in ("len", "type", "isinstance", "__import__"):
        delattr(builtins, name)
    sys.modules.clear()


@attack(
    "No case runs without the import.",
    verdicts=["import_error", "runtime_error"],
    on_import=True,
    then="import_error",
    files={"solution.py": "x = " + "(" * 10_000 + ")" * 10_000},
)
def deep_parentheses():
    """Have ten thousand nested parentheses, to crash the compiler."""


@attack(
    "No case runs without the import.",
    verdicts=["import_error", "memory_limit"],
    on_import=True,
    then="import_error",
)
def eats_memory():
    """Allocate endlessly."""
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


@attack(
    "No case runs without the import.",
    verdicts=["runtime_error"],
    on_import=True,
    then="runtime_error",
)
def ends_its_process():
    """End its process."""
    os._exit(0)


@attack(
    "No case runs without the import.",
    verdicts=["import_error"],
    on_import=True,
    then="import_error",
)
def exits():
    """Leave by sys.exit(0)."""
    sys.exit(0)


@attack(
    "No case runs without the import.",
    verdicts=["import_error"],
    exempt=["process"],
    on_import=True,
    then="import_error",
)
def forks():
    """Fork."""
    os.fork()


@attack(
    "The import has a deadline of its own.",
    verdicts=["time_limit"],
    on_import=True,
    then="time_limit",
)
def hangs():
    """Never end."""
    while True:
        pass


@attack(
    "No case runs without the import.",
    verdicts=["import_error"],
    on_import=True,
    then="import_error",
)
def interrupts():
    """Raise KeyboardInterrupt."""
    raise KeyboardInterrupt


@attack("They end with the box.", verdicts=["wrong_answer"], on_import=True)
def leaves_threads():
    """Start threads and register exit functions."""
    for _ in range(20):
        threading.Thread(target=time.sleep, args=(1000,)).start()
    atexit.register(time.sleep, 1000)


@attack(
    "A judge_error is never a pass.", verdicts=["judge_error"], on_import=True, then="judge_error"
)
def poses_as_a_box_without_lock():
    """End with the exit code of a box that could not be locked."""
    os._exit(71)


@attack(
    "The box serves whatever Python imports.",
    verdicts=["wrong_answer", "runtime_error"],
    on_import=True,
    then="wrong_answer",
)
def replaces_itself():
    """Put an object of its own in its place in sys.modules."""

    class Everything:
        def __getattr__(self, name):
            return lambda *_: "escaped" if name == "nothing" else None

    sys.modules[__name__] = Everything()


@attack("No answer comes.", verdicts=["time_limit"], on_import=True, then="time_limit")
def says_ready_itself():
    """Say that it is ready, and never be."""
    send(b'[1,0,"ready"]')
    time.sleep(1000)


@attack(
    "A protocol violation: runtime_error, never a pass.",
    verdicts=["runtime_error"],
    on_import=True,
    then="runtime_error",
)
def says_ready_twice():
    """Say that it is ready too early."""
    send(b'[1,0,"ready"]')
