"""What several attacks need to talk to the kernel directly."""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)
CALLS = {
    "x86_64": {
        "userfaultfd": 323,
        "io_uring_setup": 425,
        "add_key": 248,
        "keyctl": 250,
        "bpf": 321,
        "perf_event_open": 298,
        "memfd_secret": 447,
        "pidfd_open": 434,
        "pidfd_getfd": 438,
        "process_madvise": 440,
        "landlock_restrict_self": 446,
        "seccomp": 317,
        "modify_ldt": 154,
        "kcmp": 312,
        "fanotify_init": 300,
        "open_by_handle_at": 304,
        "process_mrelease": 448,
        "mount_setattr": 442,
        "open_tree": 428,
        "execveat": 322,
        "signalfd": 282,
        "timer_create": 222,
        "ioprio_set": 251,
        "mlock": 149,
        "setns": 308,
        "quotactl": 179,
        "splice": 275,
        "tee": 276,
        "vmsplice": 278,
        "rt_tgsigqueueinfo": 297,
        "clone": 56,
        "vfork": 58,
    },
    "aarch64": {
        "userfaultfd": 282,
        "io_uring_setup": 425,
        "add_key": 217,
        "keyctl": 219,
        "bpf": 280,
        "perf_event_open": 241,
        "memfd_secret": 447,
        "pidfd_open": 434,
        "pidfd_getfd": 438,
        "process_madvise": 440,
        "landlock_restrict_self": 446,
        "seccomp": 277,
        "kcmp": 272,
        "fanotify_init": 262,
        "open_by_handle_at": 265,
        "process_mrelease": 448,
        "mount_setattr": 442,
        "open_tree": 428,
        "execveat": 281,
        "signalfd": 74,
        "timer_create": 107,
        "ioprio_set": 30,
        "mlock": 228,
        "setns": 268,
        "quotactl": 60,
        "splice": 76,
        "tee": 77,
        "vmsplice": 75,
        "rt_tgsigqueueinfo": 240,
        "clone": 220,
    },
}.get(os.uname().machine, {})


def checked(result):
    """Turn the C library's -1 into the exception that Python would raise."""
    if result in (-1, 0xFFFFFFFF):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def function(name, *arguments):
    """Call a function of the C library."""
    found = getattr(LIBC, name)
    found.restype = ctypes.c_long
    return checked(found(*map(_word, arguments)))


def system_call(name, *arguments):
    """Make a system call by its number; missing arguments are 0."""
    LIBC.syscall.restype = ctypes.c_long
    words = [*map(_word, arguments), *[ctypes.c_long(0)] * (6 - len(arguments))]
    return checked(LIBC.syscall(ctypes.c_long(CALLS[name]), *words))


def _word(argument):
    return ctypes.c_long(argument) if type(argument) is int else argument
