"""System calls that the filter refuses."""

import ctypes
import fcntl
import os
import struct
import termios
import time
from functools import partial

import kernel
from marks import attack

refused = partial(attack, "The call is refused.", exempt=["process"])


@refused()
def advice_for_another(hints):
    """Give advice on the judge's memory."""
    kernel.system_call("process_madvise", 4, 0, 0, 21, 0)


@attack("Another ABI ends the process.", exempt=["process"])
def call_of_another_abi(hints):
    """Make system calls by x32's numbers."""
    if kernel.LIBC.syscall(ctypes.c_long(0x40000000 | 39)) == -1:
        raise OSError("refused")


@attack("Another ABI ends the process.", exempt=["process"])
def call_with_number_minus_one(hints):
    """Make a system call with the number -1."""
    kernel.LIBC.syscall(ctypes.c_long(-1))


@refused()
def clock(hints):
    """Set the clock."""
    time.clock_settime(time.CLOCK_REALTIME, 0)


@refused()
def clock_slewed(hints):
    """Slew the clock."""
    kernel.function("adjtimex", ctypes.create_string_buffer(b"\x01\x40", 256))


@refused()
def end_of_anothers_memory(hints):
    """Have the kernel reap the judge's memory."""
    kernel.system_call("process_mrelease", 4, 0)


@refused()
def file_in_memory(hints):
    """Make a file in memory that no limit counts."""
    os.memfd_create("escape")


@refused()
def file_watch(hints):
    """Watch files for changes by others."""
    kernel.function("inotify_init1", 0)


@refused()
def file_watch_of_a_mount(hints):
    """Watch a whole mount."""
    kernel.system_call("fanotify_init", 0, 0)


@refused()
def folder_notice(hints):
    """Ask for a signal when a folder changes."""
    folder = os.open(os.path.dirname(os.__file__), os.O_RDONLY)
    fcntl.fcntl(folder, 1026, 2)


@refused()
def host_name(hints):
    """Rename the machine."""
    kernel.function("sethostname", b"escape", 6)


@refused()
def io_ring(hints):
    """Set up an io_uring, which seccomp does not see."""
    kernel.system_call("io_uring_setup", 1, ctypes.create_string_buffer(120))


@refused()
def judge_to_another_processor(hints):
    """Move the judge to another processor."""
    os.sched_setaffinity(hints["judge"], {0})


@refused()
def kernel_program(hints):
    """Load a program into the kernel."""
    kernel.system_call("bpf", 0, 0, 0)


@refused()
def key_added(hints):
    """Keep a key in the user's keyring."""
    kernel.system_call("add_key", b"user", b"harness-escape", b"x", 1, -4)


@refused()
def large_pipe(hints):
    """Make a pipe of a megabyte, which no limit counts."""
    fcntl.fcntl(os.pipe()[0], 1031, 1 << 20)


@refused()
def lease(hints):
    """Take a lease on a library file."""
    with open(os.__file__) as file:
        fcntl.fcntl(file, 1024, 0)


@refused()
def lock_by_fcntl(hints):
    """Lock a range of a library file."""
    with open(os.__file__) as file:
        fcntl.lockf(file, fcntl.LOCK_SH)


@refused()
def lock_by_flock(hints):
    """Lock a library file, a note to other boxes."""
    with open(os.__file__) as file:
        fcntl.flock(file, fcntl.LOCK_EX)


@refused()
def lower_priority_of_others(hints):
    """Ask for a higher priority of its input and output."""
    kernel.system_call("ioprio_set", 1, hints["judge"], 0)


@refused()
def memory_locked(hints):
    """Lock memory."""
    kernel.system_call("mlock", 4096, 4096)


@refused()
def message_queue(hints):
    """Make a System V message queue."""
    kernel.function("msgget", 0x4A53, 0o1600)


@refused()
def mount(hints):
    """Mount a file system."""
    kernel.function("mount", b"none", b"/", b"tmpfs", 0, b"")


@refused()
def mount_attributes(hints):
    """Make its root writable again."""
    kernel.system_call("mount_setattr", -100, b"/", 0, bytes(32), 32)


@refused()
def mount_tree(hints):
    """Take a copy of the mount tree."""
    kernel.system_call("open_tree", -100, b"/", 1)


@refused()
def named_semaphore(hints):
    """Make a POSIX semaphore through multiprocessing."""
    import multiprocessing

    multiprocessing.Semaphore()


@refused()
def new_namespaces(hints):
    """Enter a user namespace, where it would be root."""
    kernel.function("unshare", 0x10000000)


@refused()
def no_address_randomisation(hints):
    """Switch address randomisation off for what it starts."""
    kernel.function("personality", 0x0040000)


@refused()
def other_namespaces(hints):
    """Enter the judge's namespaces."""
    kernel.system_call("setns", os.pidfd_open(hints["judge"]), 0x20000)


@refused()
def other_processor(hints):
    """Move itself to another processor."""
    os.sched_setaffinity(0, {0})


@refused()
def other_root(hints):
    """Change its root."""
    os.chroot("/")


@refused()
def output_sealed(hints):
    """Seal its output file against the judge."""
    fcntl.fcntl(1, 1033, 1)


@refused()
def pages_gifted(hints):
    """Give its pages to a pipe."""
    ends = os.pipe()
    kernel.system_call("vmsplice", ends[1], struct.pack("PN", 0, 0), 1, 8)


@refused()
def performance_counter(hints):
    """Open a performance counter."""
    kernel.system_call("perf_event_open", ctypes.create_string_buffer(128), 0, -1, -1, 0)


@refused()
def pipe_of_packets(hints):
    """Make a pipe of packets."""
    os.pipe2(os.O_DIRECT)


@refused()
def posix_queue(hints):
    """Make a POSIX message queue."""
    kernel.function("mq_open", b"/harness-escape", 0o102, 0o600, 0)


@refused()
def posix_shared_memory(hints):
    """Make a POSIX shared memory object."""
    kernel.function("shm_open", b"/harness-escape", 0o102, 0o600)


@refused()
def posix_timer(hints):
    """Make a timer that outlives its thread."""
    kernel.system_call("timer_create", 1, 0, ctypes.create_string_buffer(8))


@refused()
def quota(hints):
    """Set disk quotas."""
    kernel.system_call("quotactl", 0, 0, 0, 0)


@refused()
def scheduler(hints):
    """Ask for another scheduling policy."""
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


@refused()
def second_filter(hints):
    """Put a filter of its own on, to fake answers of the kernel."""
    kernel.system_call("seccomp", 1, 0, 0)


@refused()
def second_landlock(hints):
    """Restrict itself further, into a corner where cleanup fails."""
    kernel.system_call("landlock_restrict_self", 1, 0)


@refused()
def secret_memory(hints):
    """Make memory that the kernel cannot swap or look into."""
    kernel.system_call("memfd_secret", 0)


@refused()
def semaphores(hints):
    """Make a set of semaphores."""
    kernel.function("semget", 0x4A53, 1, 0o1600)


@refused()
def session_keyring(hints):
    """Join a session keyring."""
    kernel.system_call("keyctl", 1, 0)


@refused()
def shared_memory_module(hints):
    """Make shared memory through multiprocessing."""
    from multiprocessing import shared_memory

    shared_memory.SharedMemory("harness-escape", create=True, size=10)


@refused()
def shared_segment(hints):
    """Make a shared memory segment."""
    kernel.function("shmget", 0x4A53, 4096, 0o1600)


@refused()
def signal_descriptor(hints):
    """Make a descriptor for signals."""
    kernel.function("signalfd", -1, ctypes.create_string_buffer(128), 0)


@refused()
def splice(hints):
    """Move pages between pipes behind the output limit."""
    ends = os.pipe()
    os.write(ends[1], b"x")
    kernel.system_call("splice", ends[0], 0, 1, 0, 1, 0)


@refused()
def terminal_taken(hints):
    """Take the terminal as its own."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 1)


@refused()
def timer_descriptor(hints):
    """Make a timer with a descriptor."""
    kernel.function("timerfd_create", 1, 0)


@refused()
def typed_into_the_terminal(hints):
    """Type a command into the terminal."""
    fcntl.ioctl(0, termios.TIOCSTI, b"x")


@refused()
def unmount(hints):
    """Unmount its root."""
    kernel.function("umount2", b"/", 2)


@refused()
def user_faults(hints):
    """Handle its own page faults, to stop the kernel in a copy."""
    kernel.system_call("userfaultfd", 1)
