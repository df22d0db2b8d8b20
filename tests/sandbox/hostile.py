"""A hostile solution: tries what the tests of a sandbox write as expressions.

Loaded as text with ``guest/acts.py`` beside it, and runs in the box only.
"""

import ctypes
import errno
import fcntl
import mmap
import multiprocessing  # noqa: F401  (for expressions, as those below)
import os
import resource
import signal
import socket  # noqa: F401
import struct
import subprocess  # noqa: F401
import sys
import threading
import time  # noqa: F401

import acts

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE, KEYCTL = (56, 250) if os.uname().machine == "x86_64" else (220, 219)
REQUEST_KEY = KEYCTL - 1
IOVEC = struct.pack("PN", 0, 0)
LIBRARY = os.__file__
PLACE = "/tmp/harness-escape"


def attempt(expression):
    """Return how the evaluation of ``expression`` in this module ended, and why."""
    return acts.outcome(eval, expression, globals())


def call(name, *arguments):
    """Call a function of the C library; -1 is an error."""
    function = getattr(LIBC, name)
    function.restype = ctypes.c_long
    words = [a if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments]
    result = function(*words)
    if result in (-1, 0xFFFFFFFF):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def sweep(known, highest):
    """Make every system call but the known ones; return those not refused with EPERM."""
    let_through = []
    for number in range(highest):
        if number not in known:
            result = LIBC.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 6)
            if result != -1 or ctypes.get_errno() != errno.EPERM:
                let_through.append(number)
    return let_through


def mapped():
    """A file of the library in memory."""
    with open(LIBRARY, "rb") as library:
        return mmap.mmap(library.fileno(), 0, access=mmap.ACCESS_COPY)


def parent():
    return os.getppid() or 1


def process_id():
    return os.getpid()


def host_name():
    return os.uname().nodename


# Other ways into the kernel; each of these must end the process


def through_32_bit_gate():
    """getpid by int 0x80."""
    return run_code(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")


def through_x32():
    """getpid with the bit of x32."""
    return LIBC.syscall(ctypes.c_long(0x40000000 | 39))


def number_minus_one():
    return LIBC.syscall(ctypes.c_long(-1))


def run_code(code):
    memory = mmap.mmap(-1, len(code), prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return ctypes.CFUNCTYPE(ctypes.c_int)(address)()


# What one box could leave to the next


def litter():
    """Change whatever can be changed, and return what :func:`find_litter` would say of it."""
    for descriptor in (0, 1, 2, 4):
        flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
        fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_APPEND)
        os.set_inheritable(descriptor, True)
    os.chdir("/usr")
    os.umask(0)
    os.environ["LITTER"] = "x"
    sys.modules["litter"] = sys
    sys.path.append("litter")
    json = __import__("json")
    json.litter = True
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_VIRTUAL, 1000)
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    os.write(1, b"litter")
    return find_litter()


def find_litter():
    return {
        "flags": [fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_APPEND for fd in (0, 1, 2, 4)],
        "cwd": os.getcwd() if os.path.exists("/usr") else "/usr" in repr(os.getcwd()),
        "umask": os.umask(0),
        "environment": "LITTER" in os.environ,
        "modules": "litter" in sys.modules or "litter" in sys.path,
        "patched": hasattr(__import__("json"), "litter"),
        "ignored": signal.getsignal(signal.SIGUSR1) == signal.SIG_IGN,
        "timer": signal.getitimer(signal.ITIMER_VIRTUAL)[0] > 0,
        "limit": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        "threads": threading.active_count(),
        "output": os.fstat(1).st_size,
    }


def host_paths():
    """Texts of this process, reached from frames and the collector, that name a place."""
    import gc

    marks = ("/problems", "site-packages", "protected", "forbidden")
    texts = [*sys.argv, *sys.orig_argv, *os.environ.values(), *sys.path]
    frame = sys._getframe()
    while frame is not None:
        texts += [repr(value) for value in frame.f_locals.values() if type(value) in (str, dict)]
        frame = frame.f_back
    for thing in gc.get_objects():
        if type(thing) is dict and "protected" in thing:
            texts.append("protected")
    return sorted(
        {mark for mark in marks for text in texts if mark in text and "marks" not in text}
    )
