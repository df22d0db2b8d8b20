"""Output that is too long, or not text."""

import contextlib
import mmap
import os
import signal
import sys
import threading
import time
from functools import partial

from marks import attack

limited = partial(
    attack, "The kernel ends the output at its limit.", verdicts=["output_limit", "time_limit"]
)


@limited()
def bytes_from_a_thread(hints):
    """Flood the output from a thread, and answer."""

    def flood():
        while True:
            os.write(1, bytes(1000))

    threading.Thread(target=flood).start()
    time.sleep(0.2)


@attack("Output is kept raw, and escaped where it is shown.", verdicts=["wrong_answer"])
def bytes_that_are_no_text(hints):
    """Write every byte there is to its output, and half of a character at its end."""
    os.write(1, bytes(range(256)) + b"\xed\xa0\x80\xf0\x9f")


@attack("Output is kept raw, and escaped where it is shown.", verdicts=["wrong_answer"])
def control_characters(hints):
    """Print what would repaint a terminal or break a report."""
    os.write(1, bytes(range(256)) + b"\x1b]0;owned\x07\x1b[2J</system-out>]]>" + b"\xed\xa0\x80")


@limited()
def copies_of_the_output(hints):
    """Write through copies of the output's descriptor."""
    copy = os.dup(1)
    while True:
        os.write(copy, bytes(1000))


@limited()
def death_by_output(hints):
    """Let the signal of a full output end its process."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    while True:
        os.write(1, b"escaped\n" * 1000)


@limited()
def errors_without_end(hints):
    """Write to standard error endlessly."""
    while True:
        sys.stderr.write("x" * 1000)


@limited()
def lines_without_end(hints):
    """Print endlessly."""
    while True:
        print("x" * 1000)


@limited()
def one_line_without_end(hints):
    """Print one endless line."""
    while True:
        print("x" * 1000, end="")


@attack("The next box has its own.", verdicts=["wrong_answer"])
def output_closed(hints):
    """Close its output and error."""
    os.close(1)
    os.close(2)


@attack(
    "Its output is its own; the answer decides the case.",
    verdicts=["wrong_answer", "output_limit", "time_limit"],
)
def output_hidden_again(hints):
    """Flood the output to its limit and empty it again."""
    with contextlib.suppress(OSError):
        while True:
            os.write(1, bytes(1000))
    os.ftruncate(1, 0)


@attack("The kernel refuses.")
def output_of_a_petabyte(hints):
    """Grow the output file to a petabyte."""
    os.ftruncate(1, 1 << 50)


@attack(
    "The size of the file is limited, however it is written.",
    verdicts=["wrong_answer", "output_limit", "runtime_error"],
)
def output_through_memory(hints):
    """Map its output into memory and write there, past the limited write calls."""
    size = 1 << 12
    while True:
        try:
            os.ftruncate(1, 2 * size)
        except OSError:
            break
        size *= 2
    mmap.mmap(1, size)[:] = b"x" * size
    return "escaped" if size > 1 << 16 else "limited"


@attack("The kernel refuses.")
def output_written_far_behind(hints):
    """Write far behind the end of its output."""
    os.pwrite(1, b"x", 1 << 50)
