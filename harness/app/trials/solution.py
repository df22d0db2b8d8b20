"""The solution that ``harness doctor`` loads into a box: tries what must fail, one act per call.

It is sent to the box as text and imports nothing of ours. Every act is harmless where it is
allowed, because without a sandbox it really happens: what is made is removed again, and what is
aimed at was put there by the doctor for that purpose. ``facts`` say where.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import resource
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

ALLOWED, DENIED, UNTRIED = "allowed", "denied", "untried"

_MUCH_MEMORY = 8 << 30
_MUCH_OUTPUT = 1 << 20
_MANY = 1000
_IPC_CREATE, _IPC_REMOVE, _IPC_PRIVATE = 0o1600, 0, 0
_NEW_USER_NAMESPACE = 0x10000000
_TRACE_ME = 0
_PROCESS_KEYRING = -2
_X32_GETPID = 0x40000000 + 39
_REFUSALS = (errno.EPERM, errno.EACCES, errno.ENOSYS)
_RISKY = ("bpf", "io_uring_setup", "perf_event_open", "userfaultfd")

Facts = dict[str, Any]


class Untried(Exception):  # noqa: N818  (it stands for an answer)
    """The act has no meaning on this system."""


def attempt(name: str, facts: Facts) -> tuple[str, str]:
    """Try one act; return how it ended, and why."""
    act: Callable[[Facts], object] = globals()[name]
    try:
        act(facts)
    except (OSError, MemoryError, RuntimeError, ValueError) as error:
        return DENIED, getattr(error, "strerror", None) or type(error).__name__
    except Untried as reason:
        return UNTRIED, str(reason)
    except AttributeError:
        return UNTRIED, "this system has no such call"
    return ALLOWED, ""


def read_file(facts: Facts) -> None:
    """Read a file that everybody may read."""
    _read(facts["file"])


def list_folder(facts: Facts) -> None:
    """List the folder around it."""
    os.listdir(facts["folder"])


def see_file(facts: Facts) -> None:
    """Ask for a file's size only."""
    os.stat(facts["file"])


def change_file(facts: Facts) -> None:
    """Open a file for writing, without writing."""
    os.close(os.open(facts["file"], os.O_WRONLY))


def change_rights(facts: Facts) -> None:
    """Set the rights that the file has already."""
    os.chmod(facts["file"], 0o666)


def create_file(facts: Facts) -> None:
    """Create a file and remove it."""
    path = os.path.join(facts["folder"], f"made-by-{os.getpid()}")
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    os.unlink(path)


def connect(facts: Facts) -> None:
    """Connect to a port that listens on this machine."""
    socket.create_connection(("127.0.0.1", facts["port"]), timeout=2).close()


def send_datagram(facts: Facts) -> None:
    """Send one byte to this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", facts["port"]))


def talk_locally(facts: Facts) -> None:
    """Connect to a socket in a folder."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(facts["socket"])


def start_process(facts: Facts) -> None:
    """Fork a process that ends at once."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def run_program(facts: Facts) -> None:
    """Run a program that does nothing."""
    program = "/bin/true" if os.path.exists("/bin/true") else "/usr/bin/true"
    os.waitpid(os.posix_spawn(program, ["true"], {}), 0)


def see_process(facts: Facts) -> None:
    """Ask whether the judge's number is in use."""
    if not os.path.isdir("/proc/self") and sys.platform != "linux":
        raise Untried("there is no /proc")
    os.stat(f"/proc/{facts['pid']}")


def act_as_root(facts: Facts) -> None:
    """Be root already."""
    if 0 not in (os.getuid(), os.geteuid()):
        raise PermissionError(errno.EPERM, "not root")


def take_memory(facts: Facts) -> None:
    """Ask for far more than the limit; nothing is written to it."""
    bytearray(_MUCH_MEMORY)


def take_time(facts: Facts) -> None:
    """Look for a limit of processor time; waiting for it would take too long."""
    if resource.getrlimit(resource.RLIMIT_CPU)[1] != resource.RLIM_INFINITY:
        raise PermissionError(errno.EPERM, "limited")


def print_much(facts: Facts) -> None:
    """Print far more than the limit."""
    written = 0
    while written < _MUCH_OUTPUT:
        written += os.write(1, b"\n" * 65536)


def start_threads(facts: Facts) -> None:
    """Start threads that wait, and let them go."""
    release = threading.Event()
    try:
        for _ in range(_MANY):
            threading.Thread(target=release.wait, daemon=True).start()
    finally:
        release.set()


def open_files(facts: Facts) -> None:
    """Open descriptors, and close them."""
    opened: list[int] = []
    try:
        while len(opened) < _MANY:
            opened.append(os.dup(0))
    finally:
        for descriptor in opened:
            os.close(descriptor)


def raise_limits(facts: Facts) -> None:
    """Take a hard limit away."""
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def share_memory(facts: Facts) -> None:
    """Make a segment and remove it."""
    segment = _library("shmget", _IPC_PRIVATE, 4096, _IPC_CREATE)
    _library("shmctl", segment, _IPC_REMOVE, None)


def make_queue(facts: Facts) -> None:
    """Make a queue and remove it."""
    queue = _library("msgget", _IPC_PRIVATE, _IPC_CREATE)
    _library("msgctl", queue, _IPC_REMOVE, None)


def keep_key(facts: Facts) -> None:
    """Add a key to the own process's keyring, which ends with the process."""
    arguments = (b"user", b"doctor", b"x", ctypes.c_size_t(1), ctypes.c_long(_PROCESS_KEYRING))
    _system_call(facts, "add_key", *arguments)


def lock_file(facts: Facts) -> None:
    """Lock a file that every box can read."""
    with open(os.__file__, "rb") as library:
        fcntl.flock(library, fcntl.LOCK_SH | fcntl.LOCK_NB)


def hide_file(facts: Facts) -> None:
    """Make a file that lies in no folder."""
    os.close(os.memfd_create("doctor"))


def new_namespace(facts: Facts) -> None:
    """Leave the user namespace for an own one."""
    _library("unshare", _NEW_USER_NAMESPACE)


def trace(facts: Facts) -> None:
    """Ask to be traced by the parent."""
    if sys.platform != "linux":
        raise Untried("Linux only")
    _library("ptrace", _TRACE_ME, 0, None, None)


def risky_calls(facts: Facts) -> None:
    """Make calls with arguments that the kernel refuses, if it gets to see them."""
    nonsense = [ctypes.c_long(-1)] * 6
    for name in _RISKY:
        try:
            _system_call(facts, name, *nonsense)
        except OSError as error:
            if error.errno in _REFUSALS:
                continue
        return
    raise PermissionError(errno.EPERM, "Operation not permitted")


def other_abi(facts: Facts) -> None:
    """Ask for the own number by the x32 ABI."""
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        raise Untried("this processor has one ABI only")
    _library("syscall", ctypes.c_long(_X32_GETPID))


def read_suite(facts: Facts) -> None:
    """Read a hidden suite of the core pack."""
    _read(facts["suite"])


def read_record(facts: Facts) -> None:
    """List the folder of the attempts."""
    os.listdir(facts["home"])


def read_judge(facts: Facts) -> None:
    """Open the judge's memory and variables."""
    if sys.platform != "linux":
        raise Untried("there is no /proc")
    for file in ("environ", "mem"):
        with contextlib.suppress(OSError):
            return _read(f"/proc/{facts['pid']}/{file}", 0)
    raise PermissionError(errno.EACCES, "Permission denied")


def signal_judge(facts: Facts) -> None:
    """Ask whether the judge could be signalled."""
    if facts["pid"] == os.getpid():
        raise ProcessLookupError(errno.ESRCH, "No such process")  # a number of its own namespace
    os.kill(facts["pid"], 0)


def use_descriptors(facts: Facts) -> None:
    """Look for descriptors that are not the box's own."""
    for descriptor in set(range(_MANY)) - set(facts["descriptors"]):
        with contextlib.suppress(OSError):
            os.fstat(descriptor)
            return
    raise OSError(errno.EBADF, "Bad file descriptor")


def read_variables(facts: Facts) -> None:
    """Look for variables of the doctor's own process."""
    if not facts["variables"]:
        raise Untried("there is no variable to look for")
    _require(any(name in os.environ for name in facts["variables"]))


def meet_last_case(facts: Facts) -> None:
    """Look for what :func:`leave_notes` left in another box."""
    _require(hasattr(os, "notes_of_last_case"))


def leave_notes() -> None:
    """Leave something in a module that was there before the solution."""
    os.notes_of_last_case = True  # type: ignore[attr-defined]


def _require(found: bool) -> None:
    if not found:
        raise FileNotFoundError(errno.ENOENT, "not there")


def _read(path: str, count: int = 1) -> None:
    with open(path, "rb", buffering=0) as file:
        file.read(count)


def _library(name: str, *arguments: object) -> int:
    """Call a function of the C library. Raises :class:`OSError` when it fails."""
    try:
        function = getattr(ctypes.CDLL(None, use_errno=True), name)
    except AttributeError:
        raise Untried("this system has no such call") from None
    result: int = function(*arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def _system_call(facts: Facts, name: str, *arguments: object) -> None:
    """Make a system call. Raises :class:`OSError` with what the kernel says."""
    number = facts["numbers"].get(name)
    if number is None:
        raise Untried("this system has no such call")
    _library("syscall", ctypes.c_long(number), *arguments)
