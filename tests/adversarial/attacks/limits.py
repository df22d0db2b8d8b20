"""Attempts to lift a limit, or to exhaust what is limited."""

import contextlib
import os
import resource
import signal
import socket
import sys
import threading
import time
from functools import partial

from marks import attack

hard_limit = partial(attack, "A hard limit cannot be raised.", exempt=["process"])


def raise_hard_limit(limit):
    _, hard = resource.getrlimit(limit)
    resource.setrlimit(limit, (hard + 1, hard + 1))


@attack("The box limits them.", verdicts=["runtime_error", "time_limit"])
def descriptors_without_end(hints):
    """Open files until it cannot."""
    kept = []
    while True:
        kept.append(os.open(os.__file__, os.O_RDONLY))


@attack("The call is refused.", exempt=["process"])
def limits_the_judge(hints):
    """Take the judge's descriptors away by a limit."""
    resource.prlimit(hints["judge"], resource.RLIMIT_NOFILE, (0, 0))


@attack("The box limits them.", verdicts=["runtime_error", "time_limit"])
def pipes_without_end(hints):
    """Open and fill pipes until it cannot."""
    while True:
        os.set_blocking(end := os.pipe()[1], False)
        os.write(end, bytes(65_536))


@attack("The call is refused.", exempt=["process"])
def priority(hints):
    """Change its priority."""
    os.nice(-5)


# A shared box may compute for several cases; one that takes as long as its limit is no pass there.
@attack(
    "The hard limit follows a second later.", verdicts=["wrong_answer"], exempt=["linux-shared"]
)
def processor_time_won_back(hints):
    """Ignore the signal of its soft limit of processor time, and raise that to the hard one."""
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    time.sleep(0.2)  # the limit is set from outside, a moment after the import
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
    used = resource.getrusage(resource.RUSAGE_SELF)
    # The arena allows two seconds; started ones count whole, and so do those of the import.
    return "escaped" if hard - used.ru_utime - used.ru_stime > 5 else hard


@hard_limit()
def raises_as(hints):
    """Raise RLIMIT_AS."""
    raise_hard_limit(resource.RLIMIT_AS)


@hard_limit()
def raises_core(hints):
    """Raise RLIMIT_CORE."""
    raise_hard_limit(resource.RLIMIT_CORE)


@hard_limit()
def raises_cpu(hints):
    """Raise RLIMIT_CPU."""
    raise_hard_limit(resource.RLIMIT_CPU)


@hard_limit()
def raises_fsize(hints):
    """Raise RLIMIT_FSIZE."""
    raise_hard_limit(resource.RLIMIT_FSIZE)


@hard_limit()
def raises_memlock(hints):
    """Raise RLIMIT_MEMLOCK."""
    raise_hard_limit(resource.RLIMIT_MEMLOCK)


@hard_limit()
def raises_nofile(hints):
    """Raise RLIMIT_NOFILE."""
    raise_hard_limit(resource.RLIMIT_NOFILE)


@hard_limit()
def raises_stack(hints):
    """Raise RLIMIT_STACK."""
    raise_hard_limit(resource.RLIMIT_STACK)


@attack("It ends in its own process.", verdicts=["runtime_error", "memory_limit", "time_limit"])
def recursion_in_c(hints):
    """Recurse in the C code of repr and of the garbage collector."""
    sys.setrecursionlimit(10**6)
    deep = []
    for _ in range(10**6):
        deep = [deep]
    return repr(deep)


@attack("It ends in its own process.", verdicts=["runtime_error", "memory_limit", "time_limit"])
def recursion_without_end(hints):
    """Lift the recursion limit and recurse."""
    sys.setrecursionlimit(10**9)
    return [recursion_without_end(hints)]


@attack("The box limits them.", verdicts=["runtime_error", "time_limit"])
def sockets_without_end(hints):
    """Fill socket pairs until it cannot."""
    kept = []
    while True:
        left, right = socket.socketpair()
        kept += [left, right]
        left.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                left.send(bytes(65_536))


@attack("The box limits them.", verdicts=["runtime_error", "memory_limit", "time_limit"])
def threads_without_end(hints):
    """Start threads until it cannot."""
    while True:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
