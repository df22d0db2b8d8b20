"""Signals, to others and to itself."""

import fcntl
import os
import signal
from functools import partial

import kernel
from marks import attack

refused = partial(attack, "The call is refused.", exempt=["process"])
fatal = partial(attack, "The end of the process is the failure.")


@fatal()
def aborts(hints):
    """Send itself SIGABRT."""
    os.kill(os.getpid(), signal.SIGABRT)


@refused()
def by_a_process_descriptor(hints):
    """Kill the judge through a process descriptor."""
    signal.pidfd_send_signal(os.pidfd_open(hints["judge"]), signal.SIGKILL)


@refused()
def by_the_owner_of_a_file(hints):
    """Have the kernel signal the judge when its stream is ready."""
    fcntl.fcntl(4, fcntl.F_SETOWN, hints["judge"])


@fatal()
def faults(hints):
    """Send itself SIGSEGV."""
    os.kill(os.getpid(), signal.SIGSEGV)


@attack("The case's deadline ends it.", verdicts=["time_limit"])
def ignores_them_all(hints):
    """Ignore and block every signal, and never end."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass


@fatal()
def kills_itself(hints):
    """Send itself SIGKILL."""
    os.kill(os.getpid(), signal.SIGKILL)


@refused()
def queued_for_the_judge(hints):
    """Queue a signal for the judge."""
    kernel.function("sigqueue", hints["judge"], 9, 0)


@fatal()
def says_bad_call(hints):
    """Send itself SIGSYS."""
    os.kill(os.getpid(), signal.SIGSYS)


@attack("A verdict that is not a pass.", verdicts=["time_limit", "runtime_error"])
def says_processor_time(hints):
    """Send itself SIGXCPU, to look like a time limit."""
    os.kill(os.getpid(), signal.SIGXCPU)


@fatal()
def says_timer(hints):
    """Send itself SIGALRM."""
    os.kill(os.getpid(), signal.SIGALRM)


@attack("The case's deadline ends it.", verdicts=["time_limit"])
def stops_itself(hints):
    """Stop itself."""
    os.kill(os.getpid(), signal.SIGSTOP)


@refused()
def stops_the_judge(hints):
    """Stop the judge."""
    os.kill(hints["judge"], signal.SIGSTOP)


@attack("It slows only its own process.", verdicts=["wrong_answer"])
def storm_of_timers(hints):
    """Have itself interrupted thousands of times a second."""
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)


@refused()
def to_a_thread_of_the_judge(hints):
    """Kill a thread of the judge."""
    kernel.function("tgkill", hints["judge"], hints["judge"], 9)


@refused()
def to_everybody(hints):
    """Kill every process it may."""
    os.kill(-1, signal.SIGKILL)


@refused()
def to_its_group(hints):
    """Kill its process group."""
    os.kill(0, signal.SIGKILL)


@refused()
def to_the_judge(hints):
    """Kill the judge."""
    os.kill(hints["judge"], signal.SIGKILL)


@refused()
def to_the_parent(hints):
    """Kill the judge's parent."""
    os.kill(hints["parent"], signal.SIGKILL)


@refused()
def to_the_zygote(hints):
    """Kill the process it was forked from."""
    os.kill(os.getppid() or 1, signal.SIGKILL)
