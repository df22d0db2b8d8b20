"""A hostile solution: what ``guest/acts.py`` does not try, and only the tests of a sandbox do.

Loaded as text with ``acts.py`` beside it, and runs in the box only.
"""

import ctypes
import errno
import fcntl
import mmap
import os
import resource
import signal
import socket
import struct
import sys
import threading

import acts

LIBC = ctypes.CDLL(None, use_errno=True)
IOVEC = struct.pack("PN", 0, 0)


def attempt(name, *arguments):
    """Return how an act of this file or of ``acts.py`` ended, and why."""
    if name in globals():
        return acts.outcome(globals()[name], *arguments)
    return acts.attempt(name, *arguments)


def call(name, *arguments):
    """Call a function of the C library; -1 is an error."""
    function = getattr(LIBC, name)
    function.restype = ctypes.c_long
    words = [a if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments]
    return checked(function(*words))


def checked(result):
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


def parent():
    return os.getppid() or 1


def process_id():
    return os.getpid()


def host_name():
    return os.uname().nodename


# Files


def read_parent(file):
    return acts.read_file(f"/proc/{parent()}/{file}")


def create_unnamed():
    return os.open("/tmp", os.O_TMPFILE | os.O_RDWR)


def truncate_library():
    return os.open(os.__file__, os.O_RDONLY | os.O_TRUNC)


def change_library(how):
    path = os.__file__
    ways = {
        "write": lambda: acts.change_file(path),
        "chmod": lambda: os.chmod(path, 0o777),
        "chown": lambda: os.chown(path, os.getuid(), os.getgid()),
        "utime": lambda: os.utime(path, (0, 0)),
        "setxattr": lambda: os.setxattr(path, "user.x", b"x"),
        "truncate": lambda: os.truncate(path, 0),
        "rename": lambda: os.rename(path, path + "x"),
        "unlink": lambda: os.unlink(path),
        "link": lambda: os.link(path, "/tmp/harness-escape"),
        "cache": lambda: acts.create_file(os.path.dirname(path) + "/__pycache__/harness-escape"),
    }
    return ways[how]()


def make(how):
    path = "/tmp/harness-escape"
    ways = {
        "folder": lambda: os.mkdir(path),
        "link": lambda: os.symlink("/", path),
        "pipe": lambda: os.mkfifo(path),
        "shared": lambda: call("shm_open", b"/harness-escape", os.O_CREAT | os.O_RDWR, 0o600),
        "queue": lambda: call("mq_open", b"/harness-escape", os.O_CREAT | os.O_RDWR, 0o600, 0),
        "semaphore": lambda: call("semget", 0x4A52, 1, 0o1600),
    }
    return ways[how]()


# Descriptors


def write_to(descriptor):
    return os.write(descriptor, b"x")


def grow_output():
    return os.ftruncate(1, 1 << 50)


def reopen(descriptor):
    return os.open(f"/proc/self/fd/{descriptor}", os.O_RDWR)


def seal_output():
    return fcntl.fcntl(1, 1033, 0xF)


def change_descriptor(command, argument):
    return fcntl.fcntl(0, command, argument)


def lock_range():
    with open(os.__file__) as file:
        return fcntl.lockf(file, fcntl.LOCK_SH)


def control_device(request):
    return fcntl.ioctl(0, request, b"x" * 64)


# Processes


def clone(flags):
    return checked(
        LIBC.syscall(
            ctypes.c_long(56 if os.uname().machine == "x86_64" else 220),
            ctypes.c_long(flags),
            *[ctypes.c_long(0)] * 4,
        )
    )


def spawn(how):
    import multiprocessing
    import subprocess

    ways = {
        "subprocess": lambda: subprocess.run(["/bin/true"], check=False),
        "system": lambda: 1 / 0 if os.system("true") == 0 else os.stat("/nonexistent"),
        "multiprocessing": lambda: multiprocessing.Process(target=int).start(),
    }
    return ways[how]()


def send_signal(target):
    targets = {
        "parent": parent(),
        "everybody": -1,
        "group": 0,
        "init": 1,
        "own_group": -os.getpid(),
    }
    return acts.signal_process(targets[target])


def signal_thread(how):
    if how == "tgkill":
        return call("tgkill", parent(), parent(), 0)
    if how == "pidfd":
        return signal.pidfd_send_signal(os.pidfd_open(parent()), 0)
    return call("sigqueue", parent(), 0, 0)


def debug(how):
    ways = {
        "seize": lambda: call("ptrace", 0x4206, parent(), 0, 0),
        "read": lambda: call("process_vm_readv", parent(), IOVEC, 1, IOVEC, 1, 0),
        "write": lambda: call("process_vm_writev", parent(), IOVEC, 1, IOVEC, 1, 0),
    }
    return ways[how]()


def control_process(option, value):
    return call("prctl", option, value, 0, 0, 0)


def limit_parent():
    return resource.prlimit(parent(), resource.RLIMIT_NOFILE, (0, 0))


def lose(how):
    ways = {
        "session": os.setsid,
        "group": lambda: os.setpgid(0, 0),
        "uid": lambda: os.setuid(0),
        "groups": lambda: os.setgroups([0]),
        "affinity": lambda: os.sched_setaffinity(0, {0}),
        "affinity_of_parent": lambda: os.sched_setaffinity(parent(), {0}),
        "nice": lambda: os.nice(1),
        "scheduler": lambda: os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0)),
        "root": lambda: os.chroot("/"),
        "mount": lambda: call("mount", b"none", b"/", b"tmpfs", 0, b""),
        "unmount": lambda: call("umount2", b"/", 2),
        "host_name": lambda: call("sethostname", b"x", 1),
        "clock": lambda: call("clock_settime", 0, struct.pack("qq", 0, 0)),
        "personality": lambda: call("personality", 0x0400000),
        "timer": lambda: call("timerfd_create", 1, 0),
        "watch": lambda: call("inotify_init1", 0),
        "keys": lambda: checked(
            LIBC.syscall(
                ctypes.c_long(250 if os.uname().machine == "x86_64" else 219),
                ctypes.c_long(0),
                ctypes.c_long(-3),
            )
        ),
    }
    return ways[how]()


# Network


def send_to_path():
    left, _ = socket.socketpair()
    return left.sendto(b"x", "/run/docker.sock")


def send_descriptor():
    left, _ = socket.socketpair()
    return socket.send_fds(left, [b"x"], [0])


def ask_peer(option):
    stream = socket.socket(fileno=os.dup(4))
    return stream.getsockopt(socket.SOL_SOCKET, option, 12)


def set_option():
    left, _ = socket.socketpair()
    return left.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HxxxxxxP", 1, 0))


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
