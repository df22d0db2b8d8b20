"""What several attacks need to talk to the kernel directly."""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)
CALLS = {
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "add_key": (248, 217),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "memfd_secret": (447, 447),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "landlock_restrict_self": (446, 446),
    "seccomp": (317, 277),
    "kcmp": (312, 272),
    "fanotify_init": (300, 262),
    "open_by_handle_at": (304, 265),
    "process_mrelease": (448, 448),
    "mount_setattr": (442, 442),
    "open_tree": (428, 428),
    "timer_create": (222, 107),
    "ioprio_set": (251, 30),
    "mlock": (149, 228),
    "setns": (308, 268),
    "quotactl": (179, 60),
    "splice": (275, 76),
    "vmsplice": (278, 75),
    "clone": (56, 220),
}
"""Numbers of system calls on x86-64 and aarch64."""


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
    return checked(
        LIBC.syscall(ctypes.c_long(CALLS[name][os.uname().machine == "aarch64"]), *words)
    )


def _word(argument):
    return ctypes.c_long(argument) if type(argument) is int else argument
