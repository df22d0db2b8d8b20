"""Hostile acts, a row each, in boxes of every tier; all of them must be refused."""

from __future__ import annotations

import errno
import os
import platform
import signal
from pathlib import Path

import pytest

import harness
from harness.guest import syscalls
from harness.guest.acts import ALLOWED, DENIED
from harness.guest.syscalls import ARCHITECTURES, CONDITIONAL


def words(*names):
    """The words of error numbers."""
    return frozenset(os.strerror(getattr(errno, name)) for name in names)


REFUSED = words("EPERM", "EACCES")
HIDDEN = REFUSED | words("ENOENT")
CLOSED = words("EBADF")
READ_ONLY = words("EROFS")
PACKAGE = Path(harness.__file__).parent
SITE_PACKAGES = str(Path(pytest.__file__).parent.parent)


def rows(safe, *expressions):
    """Acts as expressions in ``hostile.py``, each with the reasons that are as they should be."""
    return [(expression, safe) for expression in expressions]


READ = [
    __file__,
    str(PACKAGE / "guest" / "zygote.py"),
    str(PACKAGE / "sandbox" / "choice.py"),
    pytest.__file__,
    *("/etc/passwd", "/etc/hostname", "/dev/tty", "/dev/ptmx", "/sys/kernel/uevent_seqnum"),
    *(f"/proc/self/{file}" for file in ("environ", "maps", "mem", "cmdline")),
    "/proc/1/environ",
]
LISTED = ["/", "/tmp", "/home", "/root", "/proc", "/dev", "/etc", SITE_PACKAGES, ".."]
READ_OF_PARENT = ["environ", "cmdline", "maps", "mem", "fd/1", "fd/3"]
WRITTEN = ["/", "/tmp", "/dev/shm", "/var/tmp", "/usr/lib", "."]
FILES = [
    *rows(HIDDEN, *(f"acts.read_file({path!r})" for path in READ)),
    *rows(HIDDEN, *(f"acts.list_folder({path!r})" for path in LISTED)),
    *rows(HIDDEN, *(f"acts.read_file(f'/proc/{{parent()}}/{file}')" for file in READ_OF_PARENT)),
    *rows(
        HIDDEN | READ_ONLY,
        *(f"acts.create_file('{folder}/harness-escape')" for folder in WRITTEN),
        "os.open('/tmp', os.O_TMPFILE | os.O_RDWR)",
        "os.mkdir(PLACE)",
        "os.symlink('/', PLACE)",
        "os.mkfifo(PLACE)",
        "call('shm_open', b'/harness-escape', os.O_CREAT | os.O_RDWR, 0o600)",
        "call('mq_open', b'/harness-escape', os.O_CREAT | os.O_RDWR, 0o600, 0)",
        "call('semget', 0x4A52, 1, 0o1600)",
    ),
    *rows(
        REFUSED | READ_ONLY | words("ENOTSUP"),
        "acts.change_file(LIBRARY)",
        "acts.create_file(os.path.dirname(LIBRARY) + '/__pycache__/harness-escape')",
        "os.open(LIBRARY, os.O_RDONLY | os.O_TRUNC)",
        "os.chmod(LIBRARY, 0o777)",
        "os.chown(LIBRARY, os.getuid(), os.getgid())",
        "os.utime(LIBRARY, (0, 0))",
        "os.setxattr(LIBRARY, 'user.x', b'x')",
        "os.truncate(LIBRARY, 0)",
        "os.rename(LIBRARY, LIBRARY + 'x')",
        "os.unlink(LIBRARY)",
        "os.link(LIBRARY, PLACE)",
    ),
    *rows(REFUSED, "acts.share_memory()", "acts.make_queue()", "acts.hide_file()"),
]
ADVICE_ON_FILES = (1, 2, 3, 9, *range(12, 16), *range(18, 26), 100)
"""RANDOM SEQUENTIAL WILLNEED REMOVE, MERGEABLE to NOHUGEPAGE, WIPEONFORK to COLLAPSE, HWPOISON."""
MEASURES = rows(
    REFUSED,
    "acts.drop_pages()",
    "acts.flush_file()",
    "acts.see_machine()",
    "acts.take_time_of(parent())",
    "acts.take_time_of(os.getpid() + 1)",
    *(f"os.posix_fadvise(open(LIBRARY).fileno(), 0, 0, {advice})" for advice in range(6)),
    *(f"mapped().madvise({advice})" for advice in ADVICE_ON_FILES),
    *(f"mmap.mmap(-1, 1 << 22).madvise({advice})" for advice in ADVICE_ON_FILES),
    "call('msync', ctypes.addressof(ctypes.c_char.from_buffer(mapped())), 1, 4)",
    "os.fsync(open(LIBRARY))",
    "os.fdatasync(open(LIBRARY))",
    "call('syncfs', open(LIBRARY).fileno())",
    "call('sync_file_range', open(LIBRARY).fileno(), 0, 0, 7)",
    "call('readahead', open(LIBRARY).fileno(), 0, 4096)",
    "call('mincore', ctypes.addressof(ctypes.c_char.from_buffer(mapped())), 1, b' ')",
    "os.preadv(open(LIBRARY).fileno(), [bytearray(1)], 0, 8)",  # RWF_NOWAIT
    "call('mlock', ctypes.addressof(ctypes.c_char.from_buffer(mapped())), 1)",
    "call('mlockall', 1)",
    "call('prctl', 67, 1, 0, 0, 0)",  # PR_SET_MEMORY_MERGE
    "call('prctl', 29, 1, 0, 0, 0)",  # PR_SET_TIMERSLACK
    "fcntl.fcntl(open(LIBRARY), fcntl.F_SETLEASE, fcntl.F_RDLCK)",
    "fcntl.flock(open(LIBRARY), fcntl.LOCK_SH)",
    "os.utime(LIBRARY)",
    "os.utime(4)",
    "os.statvfs('/usr')",
    "os.fstatvfs(open(LIBRARY).fileno())",
    "os.sched_getaffinity(parent())",
    "os.getpriority(os.PRIO_PROCESS, 0)",
    "time.clock_gettime(~parent() << 3 | 2)",
    "time.clock_getres(~parent() << 3 | 2)",
    "call('timer_create', 0, 0, b' ' * 8)",
    "call('syscall', REQUEST_KEY, b'user', b'x', 0, 0)",
    "call('inotify_init1', 0)",
    "call('fanotify_init', 0, 0)",
    "call('acct', 0)",
)
"""What a later box, or another one at the same time, could measure or find."""

OF_FCNTL = (5, 6, 8, 10, 15, 36, 37, 1024, 1026, 1031, 1033)
"""GETLK, SETLK, SETOWN, SETSIG, SETOWN_EX, locks of open files, lease, notice, pipe size, seals."""
OF_IOCTL = (0x540E, 0x5412, 0x541C, 0x5423, 0x5452, 0x40086602)
"""TIOCSCTTY, TIOCSTI, TIOCLINUX, TIOCSETD, FIOASYNC, FS_IOC_SETFLAGS."""
DESCRIPTORS = [
    *rows(CLOSED, *(f"os.write({descriptor}, b'x')" for descriptor in (0, 3, 5))),
    *rows(words("EFBIG"), "os.ftruncate(1, 1 << 50)"),
    *rows(HIDDEN, "os.open('/proc/self/fd/3', os.O_RDWR)"),
    *rows(
        REFUSED,
        "fcntl.fcntl(1, 1033, 0xF)",
        "fcntl.lockf(open(LIBRARY), fcntl.LOCK_SH)",
        "acts.lock_file()",
    ),
    *rows(REFUSED, *(f"fcntl.fcntl(0, {command}, 0)" for command in OF_FCNTL)),
    *rows(REFUSED, *(f"fcntl.ioctl(0, {request}, b'x' * 64)" for request in OF_IOCTL)),
]

SIGCHLD, VM, VFORK, PARENT, NEWUSER, NEWPID = 17, 0x100, 0x4000, 0x8000, 0x10000000, 0x20000000
THREAD = 0x3D0F00
OF_CLONE = [
    *(0, SIGCHLD, VM | VFORK | SIGCHLD, PARENT | SIGCHLD, NEWUSER | SIGCHLD, NEWPID | SIGCHLD),
    *(THREAD | NEWUSER, THREAD | PARENT),
]
OF_PRCTL = (1, 4, 22, 24, 35, 36, 0x59616D61, 62)
"""PDEATHSIG, DUMPABLE, SECCOMP, CAPBSET_DROP, MM, CHILD_SUBREAPER, PTRACER, SCHED_CORE."""
LIMITS = ["AS", "CPU", "FSIZE", "NOFILE", "CORE", "MEMLOCK", "STACK"]
PROCESSES = [
    *rows(
        HIDDEN,
        "acts.start_process()",
        "acts.run_program()",
        "acts.become_program()",
        "acts.trace()",
        "acts.new_namespace()",
        "subprocess.run(['/bin/true'], check=False)",
        "os.system('true') and os.stat('/nonexistent')",
        "multiprocessing.Process(target=int).start()",
    ),
    *rows(REFUSED, *(f"call('syscall', CLONE, {flags}, 0, 0, 0, 0)" for flags in OF_CLONE)),
    *rows(
        REFUSED,
        *(f"acts.signal_process({pid})" for pid in ("parent()", -1, 0, 1, "-os.getpid()")),
        "call('tgkill', parent(), parent(), 0)",
        "call('sigqueue', parent(), 0, 0)",
        "signal.pidfd_send_signal(os.pidfd_open(parent()), 0)",
        "call('ptrace', 0x4206, parent(), 0, 0)",
        "call('process_vm_readv', parent(), IOVEC, 1, IOVEC, 1, 0)",
        "call('process_vm_writev', parent(), IOVEC, 1, IOVEC, 1, 0)",
    ),
    *rows(REFUSED, *(f"call('prctl', {option}, 1, 0, 0, 0)" for option in OF_PRCTL)),
    *rows(
        frozenset({"ValueError: not allowed to raise maximum limit"}),
        *(f"acts.raise_limit('RLIMIT_{limit}')" for limit in LIMITS),
    ),
    *rows(
        REFUSED,
        "resource.prlimit(parent(), resource.RLIMIT_NOFILE, (0, 0))",
        "os.setsid()",
        "os.setpgid(0, 0)",
        "os.setuid(0)",
        "os.setgroups([0])",
        "os.sched_setaffinity(0, {0})",
        "os.sched_setaffinity(parent(), {0})",
        "os.nice(1)",
        "os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))",
        "os.chroot('/')",
        "call('mount', b'none', b'/', b'tmpfs', 0, b'')",
        "call('umount2', b'/', 2)",
        "call('sethostname', b'x', 1)",
        "time.clock_settime(time.CLOCK_REALTIME, 0)",
        "call('personality', 0x0400000)",
        "call('timerfd_create', 1, 0)",
        "call('inotify_init1', 0)",
        "call('syscall', KEYCTL, 0, -3)",
    ),
]

AF_NETLINK, AF_PACKET, AF_ALG, AF_VSOCK, AF_XDP = 16, 17, 38, 40, 44
OF_SOCKET = [
    *(("socket.AF_INET", kind) for kind in ("SOCK_STREAM", "SOCK_DGRAM")),
    *(("socket.AF_UNIX", kind) for kind in ("SOCK_STREAM", "SOCK_DGRAM")),
    *((family, "SOCK_STREAM") for family in ("socket.AF_INET6", AF_VSOCK)),
    *((family, "SOCK_RAW") for family in (AF_NETLINK, AF_PACKET, AF_XDP)),
    (AF_ALG, "SOCK_SEQPACKET"),
]
SO_PEERCRED, SO_PEERGROUPS, SO_PEERPIDFD = 17, 59, 77
SOCKETS = rows(
    REFUSED,
    *(f"acts.open_socket({family}, socket.{kind})" for family, kind in OF_SOCKET),
    "acts.open_pair(socket.SOCK_DGRAM)",
    "acts.open_pair(socket.SOCK_SEQPACKET)",
    "socket.socketpair()[0].sendto(b'x', '/run/docker.sock')",
    "socket.send_fds(socket.socketpair()[0], [b'x'], [0])",
    "socket.socketpair()[0].setsockopt(socket.SOL_SOCKET, 26, struct.pack('HxxxxxxP', 1, 0))",
    *(
        f"socket.socket(fileno=os.dup(4)).getsockopt(socket.SOL_SOCKET, {option}, 12)"
        for option in (SO_PEERCRED, SO_PEERGROUPS, SO_PEERPIDFD)
    ),
)

ACTS = [*FILES, *MEASURES, *DESCRIPTORS, *PROCESSES, *SOCKETS]


@pytest.mark.parametrize(("act", "safe"), ACTS)
def test_the_act_is_refused(labs, boxes, act, safe):
    for lab in labs:
        answer, reason = boxes(lab).call("attempt", act)
        assert answer == DENIED, (lab.tier, act)
        assert reason in safe, (lab.tier, act, reason)


@pytest.fixture(scope="module")
def boxes():
    """One box per tier for all acts that leave the box alive."""
    opened = {}

    def box_of(lab):
        if lab.tier not in opened:
            opened[lab.tier] = lab.box()
        return opened[lab.tier]

    return box_of


PROBE_CALLS = {"x86_64": [335, 336], "aarch64": []}
"""uretprobe and uprobe: no filter is asked; the kernel ends who calls them off its trampoline."""


def test_every_call_off_the_list_is_refused(labs):
    column, _ = ARCHITECTURES[os.uname().machine]
    known = list(PROBE_CALLS[os.uname().machine])
    known += [numbers[column] for numbers in (*syscalls.ALLOWED.values(), *CONDITIONAL.values())]
    for lab in labs:
        known_here = [number for number in known if number is not None]
        assert lab.box().call("sweep", known_here, 1024) == [], lab.tier


OTHER_ABI = {
    "x86_64": ["through_32_bit_gate", "through_x32", "number_minus_one"],
    "aarch64": ["number_minus_one"],
}


@pytest.mark.parametrize("act", OTHER_ABI.get(platform.machine(), []))
def test_another_abi_ends_the_box(labs, act):
    for lab in labs:
        client = lab.box()
        with pytest.raises(EOFError):
            client.call(act)
        assert lab.sandbox.close_box(client.box).exit_code == -signal.SIGSYS
        assert lab.box().call("attempt", "parent()")[0] == ALLOWED


def test_nothing_survives_from_box_to_box(labs):
    for lab in labs:
        clean = lab.box().call("find_litter")
        first = lab.box()
        assert first.call("litter") != clean
        assert lab.box().call("find_litter") == clean, "while the first one lives"
        lab.sandbox.close_box(first.box)
        assert lab.box().call("find_litter") == clean


def test_another_box_cannot_be_looked_into(labs):
    for lab in labs:
        other = lab.box().call("process_id")
        for file in ("environ", "maps", "mem", "fd/0", "fd/1", "fd/4"):
            answer, reason = lab.box().call("attempt", f"acts.read_file('/proc/{other}/{file}')")
            assert answer == DENIED, (lab.tier, file)
            assert reason in HIDDEN, (lab.tier, file, reason)


def test_the_name_of_the_machine_shows_in_the_locked_tier_only(labs):
    for lab in labs:
        expected = platform.node() if lab.tier == "locked" else "box"
        assert lab.box().call("host_name") == expected


def test_existence_of_files_leaks_where_there_is_no_own_root_folder(labs):
    for lab in labs:  # in a container these are the image's files, not the person's
        answer, _ = lab.box().call("attempt", "acts.see_file('/etc/passwd')")
        assert answer == (DENIED if lab.tier == "full" else ALLOWED)


def test_nothing_in_the_box_names_the_hosts_folders(labs):
    for lab in labs:
        assert lab.box().call("host_paths") == []
