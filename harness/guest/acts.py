"""The forbidden acts: what a hostile solution might try, what that means, and how to try it.

Who tries them: the self-test of a starting sandbox, ``harness doctor``, the conformance suite for
backends, and the tests of the sandbox. All but the first send this file to a box beside a solution,
so it imports nothing of harness. Every act is harmless where it is allowed, because without a
sandbox it really happens: it removes what it makes, and aims only at what its caller put there.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import resource
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

Run = TypeVar("Run", bound=Callable[..., Any])

ALLOWED, DENIED, UNTRIED = "allowed", "denied", "untried"
"""How an act ends; untried when it has no meaning on this system."""
OWN_DESCRIPTORS = frozenset({0, 1, 2, 4})
"""Standard streams and the stream to the judge; nothing else may be open in a box."""

_MUCH_MEMORY = 8 << 30
_MUCH_OUTPUT = 1 << 20
_MANY = 1000
_LOOKED_AT = 256
"""Descriptors; the self-test has no time for more."""
_IPC_CREATE, _IPC_REMOVE, _IPC_PRIVATE = 0o1600, 0, 0
_NEW_USER_NAMESPACE = 0x10000000
_TRACE_ME = 0
_PROCESS_KEYRING = -2
_X32_GETPID = 0x40000000 + 39
_REFUSALS = (errno.EPERM, errno.EACCES, errno.ENOSYS)
_ADVICE_ON_PAGES = (3, 12, 14, 20, 21, 22, 25)
"""On Linux: WILLNEED, MERGEABLE, HUGEPAGE, COLD, PAGEOUT, POPULATE_READ, COLLAPSE."""
_WRITE_BACK = 4
_RISKY = ("bpf", "io_uring_setup", "perf_event_open", "userfaultfd")


class Act(NamedTuple):
    """One thing that a hostile solution might try."""

    name: str
    text: str
    """What it does: completes "a solution can …"."""
    run: Callable[..., object]
    """Tries it, and raises what the system refuses it with."""
    group: str
    """The heading in ``harness doctor``; empty when the doctor does not try it."""
    meaning: str
    """What a solution gains when it is allowed."""
    aim: str
    """What the doctor passes to ``run``: the name of something it has put out, or nothing."""
    known_in: tuple[str, ...]
    """Certified tiers that cannot stop it, as ``docs/security.md`` says."""


_GROUPS = ("Files", "Network", "Processes", "Limits", "Kernel", "Judge", "")
_TABLE: list[Act] = []


def _act(
    text: str,
    group: str = "",
    meaning: str = "",
    *,
    name: str = "",
    aim: str = "",
    known_in: tuple[str, ...] = (),
) -> Callable[[Run], Run]:
    """Put a function into the table, under its own name by default."""

    def put(run: Run) -> Run:
        _TABLE.append(Act(name or run.__name__, text, run, group, meaning, aim, known_in))
        return run

    return put


class Untried(Exception):  # noqa: N818  (it stands for an answer)
    """The act has no meaning on this system."""


def attempt(name: str, *arguments: object) -> tuple[str, str]:
    """Try an act of the table; return how it ended, and why."""
    return outcome(_BY_NAME[name].run, *arguments)


def outcome(run: Callable[..., object], *arguments: object) -> tuple[str, str]:
    """Call a function that tries something; return how that ended, and why."""
    try:
        run(*arguments)
    except OSError as error:
        return DENIED, error.strerror or type(error).__name__
    except (MemoryError, RuntimeError, ValueError) as error:
        return DENIED, f"{type(error).__name__}: {error}".removesuffix(": ")
    except Untried as reason:
        return UNTRIED, str(reason)
    except AttributeError:
        return UNTRIED, "this system has no such call"
    return ALLOWED, ""


@_act("read a file of yours", "Files", "your documents, keys and passwords", aim="file")
@_act("read a hidden suite", "Judge", "the expected answers", name="read_suite", aim="suite")
def read_file(path: str) -> None:
    """Open a file for reading."""
    os.close(os.open(path, os.O_RDONLY))


@_act("list a folder of yours", "Files", "what you have, and where", aim="folder")
@_act(
    "read the record of attempts",
    "Judge",
    "other people's solutions",
    name="read_record",
    aim="home",
)
def list_folder(path: str) -> None:
    """List a folder."""
    os.listdir(path)


@_act(
    "see that a file exists",
    "Files",
    "names, sizes and times; never what is in a file",
    aim="file",
    known_in=("locked",),
)
def see_file(path: str) -> None:
    """Ask for a file's size only."""
    os.stat(path)


@_act(
    "change a file of yours", "Files", "your work, and what your programs do next time", aim="file"
)
def change_file(path: str) -> None:
    """Open a file for writing, without writing."""
    os.close(os.open(path, os.O_WRONLY))


@_act("open a file to others", "Files", "what you keep to yourself", aim="file")
def change_rights(path: str) -> None:
    """Set the rights that the doctor's file has already."""
    os.chmod(path, 0o666)


@_act("create a file", "Files", "a full disk, and notes for later", aim="new_file")
def create_file(path: str) -> None:
    """Create a file and remove it."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    os.unlink(path)


@_act(
    "connect to a service here",
    "Network",
    "databases and sites that trust this machine",
    aim="port",
)
def connect(port: int) -> None:
    """Connect to a port of this machine."""
    socket.create_connection(("127.0.0.1", port), timeout=2).close()


@_act("send a datagram", "Network", "a way out for what it has read", aim="port")
def send_datagram(port: int) -> None:
    """Send one byte to this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", port))


@_act("talk to a local socket", "Network", "Docker, key agents, the desktop", aim="socket")
def talk_locally(address: str) -> None:
    """Connect to a socket with a path, or an abstract name."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(address)


@_act("open a socket")
def open_socket(family: int, kind: int = socket.SOCK_STREAM) -> None:
    """Make a socket, and connect it to nothing."""
    socket.socket(family, kind).close()


@_act("open a pair of sockets")
def open_pair(kind: int) -> None:
    """Make two sockets connected to each other."""
    for end in socket.socketpair(socket.AF_UNIX, kind):
        end.close()


@_act("start a process", "Processes", "work that goes on when its case is over")
def start_process() -> None:
    """Fork a process that ends at once."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


@_act("run a program", "Processes", "everything that is installed here")
def run_program() -> None:
    """Run a program that does nothing."""
    program = "/bin/true" if os.path.exists("/bin/true") else "/usr/bin/true"
    os.waitpid(os.posix_spawn(program, ["true"], {}), 0)


@_act("become another program")
def become_program() -> None:
    """Replace this process by a program that does nothing."""
    os.execv("/bin/true", ["true"])


@_act(
    "see other processes",
    "Processes",
    "which numbers are in use; not what they do",
    aim="pid",
    known_in=("locked",),
)
def see_process(pid: int) -> None:
    """Ask whether a process number is in use."""
    if not os.path.isdir("/proc/self") and sys.platform != "linux":
        raise Untried("there is no /proc")
    os.stat(f"/proc/{pid}")


@_act("see its parent process")
def see_parent() -> None:
    """Look for a parent other than the first process of an own namespace."""
    if os.getppid() == 1:
        raise ProcessLookupError(errno.ESRCH, "No such process")


@_act("act as root", "Processes", "the whole machine")
def act_as_root() -> None:
    """Be root already, or be able to become it again."""
    ids = os.getresuid() if hasattr(os, "getresuid") else (os.getuid(), os.geteuid())
    if 0 not in ids:
        raise PermissionError(errno.EPERM, "not root")


@_act("take memory without limit", "Limits", "a machine that stands still")
def take_memory() -> None:
    """Ask for far more than the limit; nothing is written to it."""
    bytearray(_MUCH_MEMORY)


@_act("compute without limit", "Limits", "a processor that is never free", name="take_time")
@_act("go without a limit")
def go_unlimited(limit: str = "RLIMIT_CPU") -> None:
    """Look whether a limit is set; to run into it would take too long."""
    if resource.getrlimit(getattr(resource, limit))[1] != resource.RLIM_INFINITY:
        raise PermissionError(errno.EPERM, "limited")


@_act("print without limit", "Limits", "a full disk")
def print_much() -> None:
    """Print far more than the limit."""
    written = 0
    while written < _MUCH_OUTPUT:
        written += os.write(1, b"\n" * 65536)


@_act("start a thousand threads", "Limits", "a machine that stands still")
def start_threads() -> None:
    """Start threads that wait, and let them go."""
    release = threading.Event()
    try:
        for _ in range(_MANY):
            threading.Thread(target=release.wait, daemon=True).start()
    finally:
        release.set()


@_act("open a thousand files", "Limits", "nothing left for other programs to open")
def open_files() -> None:
    """Open descriptors, and close them."""
    opened: list[int] = []
    try:
        while len(opened) < _MANY:
            opened.append(os.dup(0))
    finally:
        for descriptor in opened:
            os.close(descriptor)


@_act("raise its own limits", "Limits", "every limit above", name="raise_limits")
def raise_limit(limit: str = "RLIMIT_CPU") -> None:
    """Lift a hard limit."""
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.setrlimit(getattr(resource, limit), unlimited)


@_act("share memory", "Kernel", "notes from one case to the next")
def share_memory() -> None:
    """Make a segment and remove it."""
    segment = _library("shmget", _IPC_PRIVATE, 4096, _IPC_CREATE)
    _library("shmctl", segment, _IPC_REMOVE, None)


@_act("make a message queue", "Kernel", "notes from one case to the next")
def make_queue() -> None:
    """Make a queue and remove it."""
    queue = _library("msgget", _IPC_PRIVATE, _IPC_CREATE)
    _library("msgctl", queue, _IPC_REMOVE, None)


@_act("keep a key in the kernel", "Kernel", "notes from one case to the next", aim="numbers")
def keep_key(numbers: Mapping[str, int]) -> None:
    """Add a key to the keyring of this process, which ends with it.

    ``numbers`` of system calls, by their names.
    """
    arguments = (b"user", b"doctor", b"x", ctypes.c_size_t(1), ctypes.c_long(_PROCESS_KEYRING))
    _system_call(numbers, "add_key", *arguments)


@_act("lock a file", "Kernel", "signs from one box to another")
def lock_file() -> None:
    """Lock a file that every box can read."""
    import fcntl  # not at the top: every start of a sandbox imports this file

    with open(os.__file__, "rb") as library:
        fcntl.flock(library, fcntl.LOCK_SH | fcntl.LOCK_NB)


@_act("drop pages that others read", "Kernel", "notes from one case to the next")
def drop_pages() -> None:
    """Advise that a file of the library is not needed, or nothing soon at its place in memory."""
    with _library_in_memory() as (descriptor, memory):
        try:
            return os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        except OSError as error:
            refused = error
        for advice in _ADVICE_ON_PAGES:
            with contextlib.suppress(OSError):
                memory.madvise(advice)
                return None
    raise refused


@_act("see what is in memory", "Kernel", "notes from one case to the next", aim="numbers")
def see_pages(numbers: Mapping[str, int]) -> None:
    """Ask which pages of a file of the library are in memory."""
    with _library_in_memory() as (_, memory):
        _system_call(numbers, "mincore", _address(memory), ctypes.c_size_t(1), b" ")


@_act("write files back to the disk", "Kernel", "signs from one box to another")
def flush_file() -> None:
    """Have a file of the library written back, by its descriptor and by its place in memory."""
    with _library_in_memory() as (descriptor, memory):
        try:
            os.fsync(descriptor)
        except OSError:
            _library("msync", _address(memory), ctypes.c_size_t(1), _WRITE_BACK)


@_act("time other processes", "Kernel", "how long others compute", aim="pid")
def take_time_of(pid: int) -> None:
    """Read the processor time of another process."""
    if sys.platform != "linux":
        raise Untried("Linux only")
    time.clock_gettime(~pid << 3 | 2)


@_act("see how full the machine is", "Kernel", "signs from one box to another")
def see_machine() -> None:
    """Ask for the room on a disk, and in memory."""
    try:
        os.statvfs(os.path.dirname(os.__file__))
    except OSError:
        _library("sysinfo", ctypes.create_string_buffer(1024))


def _address(memory: Any) -> ctypes.c_void_p:
    return ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(memory)))


@contextlib.contextmanager
def _library_in_memory() -> Iterator[tuple[int, Any]]:
    """Yield a file of the library, open and mapped."""
    import mmap  # not at the top: every start of a sandbox imports this file

    with open(os.__file__, "rb") as library:
        descriptor = library.fileno()
        with mmap.mmap(descriptor, 0, access=mmap.ACCESS_COPY) as memory:
            yield descriptor, memory


@_act("make a file in memory", "Kernel", "programs that no folder shows")
def hide_file() -> None:
    """Make a file that lies in no folder."""
    os.close(os.memfd_create("doctor"))


@_act("make namespaces", "Kernel", "more of the kernel to attack")
def new_namespace() -> None:
    """Leave the user namespace for a new one."""
    _library("unshare", _NEW_USER_NAMESPACE)


@_act("let itself be traced", "Kernel", "a debugger's powers")
def trace() -> None:
    """Ask to be traced by the parent."""
    if sys.platform != "linux":
        raise Untried("Linux only")
    _library("ptrace", _TRACE_ME, 0, None, None)


@_act(
    "make risky system calls",
    "Kernel",
    "the parts of the kernel that break most often",
    aim="numbers",
)
def risky_calls(numbers: Mapping[str, int]) -> None:
    """Make calls with arguments that the kernel refuses, if it gets to see them."""
    nonsense = [ctypes.c_long(-1)] * 6
    for name in _RISKY:
        try:
            _system_call(numbers, name, *nonsense)
        except OSError as error:
            if error.errno in _REFUSALS:
                continue
        return
    raise PermissionError(errno.EPERM, "Operation not permitted")


@_act("call as another ABI", "Kernel", "every call, past a filter that knows one ABI only")
def other_abi() -> None:
    """Ask for the own process number by the x32 ABI."""
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        raise Untried("this processor has one ABI only")
    _library("syscall", ctypes.c_long(_X32_GETPID))


@_act("read the judge's memory", "Judge", "the expected answers", name="read_judge", aim="pid")
def read_process(pid: int) -> None:
    """Open another process's memory and variables."""
    if sys.platform != "linux":
        raise Untried("there is no /proc")
    for file in ("environ", "mem"):
        with contextlib.suppress(OSError):
            return read_file(f"/proc/{pid}/{file}")
    raise PermissionError(errno.EACCES, "Permission denied")


@_act("signal the judge", "Judge", "a verdict that never comes", name="signal_judge", aim="pid")
@_act("signal other processes")
def signal_process(pid: int) -> None:
    """Ask whether another process could be signalled."""
    if pid == os.getpid():
        raise ProcessLookupError(errno.ESRCH, "No such process")  # a number of its own namespace
    os.kill(pid, 0)


@_act("use files left open", "Judge", "whatever the judge had opened")
def use_descriptors() -> None:
    """Look for descriptors that are not the box's own."""
    for descriptor in set(range(_LOOKED_AT)) - OWN_DESCRIPTORS:
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        return
    raise OSError(errno.EBADF, "Bad file descriptor")


@_act("read your variables", "Judge", "tokens and passwords", aim="variables")
def read_variables(names: list[str]) -> None:
    """Look for variables of another process in the environment."""
    if not names:
        raise Untried("there is no variable to look for")
    _require(any(name in os.environ for name in names))


@_act("leave notes in its module", "Judge", "answers that depend on earlier cases")
def meet_last_case() -> None:
    """Look for what :func:`leave_notes` left in another box."""
    _require(hasattr(os, "notes_of_last_case"))


def leave_notes() -> None:
    """Leave something in a module that was there before the solution."""
    os.notes_of_last_case = True  # type: ignore[attr-defined]


def _require(found: bool) -> None:
    if not found:
        raise FileNotFoundError(errno.ENOENT, "not there")


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


def _system_call(numbers: Mapping[str, int], name: str, *arguments: object) -> None:
    """Make a system call. Raises :class:`OSError` with what the kernel says."""
    number = numbers.get(name)
    if number is None:
        raise Untried("this system has no such call")
    _library("syscall", ctypes.c_long(number), *arguments)


ACTS = tuple(sorted(_TABLE, key=lambda act: _GROUPS.index(act.group)))
"""All acts, those of a group together; the last ones have no group."""
_BY_NAME = {act.name: act for act in ACTS}
