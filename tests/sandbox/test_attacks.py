"""Hostile acts, a row each, in boxes of every tier; all of them must be refused."""

from __future__ import annotations

import errno
import os
import platform
import signal
import socket
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

FILES = [
    ("read_file", [path], HIDDEN)
    for path in (
        __file__,
        str(PACKAGE / "guest" / "zygote.py"),
        str(PACKAGE / "sandbox" / "choice.py"),
        pytest.__file__,
        "/etc/passwd",
        "/etc/hostname",
        "/proc/self/environ",
        "/proc/self/maps",
        "/proc/self/mem",
        "/proc/self/cmdline",
        "/proc/1/environ",
        "/dev/tty",
        "/dev/ptmx",
        "/sys/kernel/uevent_seqnum",
    )
] + [
    ("list_folder", [path], HIDDEN)
    for path in ("/", "/tmp", "/home", "/root", "/proc", "/dev", "/etc", SITE_PACKAGES, "..")
]
FILES += [
    ("read_parent", [f], HIDDEN) for f in ("environ", "cmdline", "maps", "mem", "fd/1", "fd/3")
]
FILES += [
    ("create_file", [f"{folder}/harness-escape"], HIDDEN | READ_ONLY)
    for folder in ("/", "/tmp", "/dev/shm", "/var/tmp", "/usr/lib", ".")
]
FILES += [
    ("change_library", [how], REFUSED | words("EROFS", "ENOTSUP"))
    for how in (
        "write",
        "chmod",
        "chown",
        "utime",
        "setxattr",
        "truncate",
        "rename",
        "unlink",
        "link",
        "cache",
    )
]
FILES += [
    ("create_unnamed", [], HIDDEN | READ_ONLY),
    ("truncate_library", [], REFUSED | READ_ONLY),
]
FILES += [
    ("make", [how], HIDDEN | READ_ONLY)
    for how in (
        "folder",
        "link",
        "pipe",
        "shared",
        "queue",
        "semaphore",
    )
]
FILES += [(act, [], REFUSED) for act in ("share_memory", "make_queue", "hide_file")]

F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ, F_ADD_SEALS, F_SETSIG, F_SETOWN_EX = (
    1024,
    1026,
    1031,
    1033,
    10,
    15,
)
DESCRIPTORS = [
    ("write_to", [0], CLOSED),
    ("write_to", [3], CLOSED),
    ("write_to", [5], CLOSED),
    ("grow_output", [], words("EFBIG")),
    ("reopen", [3], HIDDEN),
    ("seal_output", [], REFUSED),
    ("lock_file", [], REFUSED),
    ("lock_range", [], REFUSED),
]
DESCRIPTORS += [
    ("change_descriptor", [command, 0], REFUSED)
    for command in (
        5,
        6,
        8,
        F_SETSIG,
        F_SETOWN_EX,
        36,
        37,
        F_SETLEASE,
        F_NOTIFY,
        F_SETPIPE_SZ,
        F_ADD_SEALS,
    )
]
TIOCSCTTY, TIOCSTI, TIOCLINUX, TIOCSETD, FIOASYNC, FS_IOC_SETFLAGS = (
    0x540E,
    0x5412,
    0x541C,
    0x5423,
    0x5452,
    0x40086602,
)
DESCRIPTORS += [
    ("control_device", [request], REFUSED)
    for request in (TIOCSCTTY, TIOCSTI, TIOCLINUX, TIOCSETD, FIOASYNC, FS_IOC_SETFLAGS)
]

SIGCHLD, VM, VFORK, PARENT, NEWUSER, NEWPID = 17, 0x100, 0x4000, 0x8000, 0x10000000, 0x20000000
THREAD = 0x3D0F00
PROCESSES = [
    (act, [], HIDDEN)
    for act in ("start_process", "run_program", "become_program", "trace", "new_namespace")
]
PROCESSES += [
    ("clone", [flags], REFUSED)
    for flags in (
        0,
        SIGCHLD,
        VM | VFORK | SIGCHLD,
        PARENT | SIGCHLD,
        NEWUSER | SIGCHLD,
        NEWPID | SIGCHLD,
        THREAD | NEWUSER,
        THREAD | PARENT,
    )
]
PROCESSES += [("spawn", [how], HIDDEN) for how in ("subprocess", "system", "multiprocessing")]
PROCESSES += [
    ("send_signal", [target], REFUSED)
    for target in ("parent", "everybody", "group", "init", "own_group")
]
PROCESSES += [("signal_thread", [how], REFUSED) for how in ("tgkill", "pidfd", "sigqueue")]
PROCESSES += [("debug", [how], REFUSED) for how in ("seize", "read", "write")]
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_MM = 1, 4, 22, 24, 35
PR_SET_CHILD_SUBREAPER, PR_SET_PTRACER, PR_SCHED_CORE = 36, 0x59616D61, 62
PROCESSES += [
    ("control_process", [option, 1], REFUSED)
    for option in (
        PR_SET_PDEATHSIG,
        PR_SET_DUMPABLE,
        PR_SET_SECCOMP,
        PR_CAPBSET_DROP,
        PR_SET_MM,
        PR_SET_CHILD_SUBREAPER,
        PR_SET_PTRACER,
        PR_SCHED_CORE,
    )
]
PROCESSES += [
    ("raise_limits", [name], frozenset({"ValueError: not allowed to raise maximum limit"}))
    for name in (
        "RLIMIT_AS",
        "RLIMIT_CPU",
        "RLIMIT_FSIZE",
        "RLIMIT_NOFILE",
        "RLIMIT_CORE",
        "RLIMIT_MEMLOCK",
        "RLIMIT_STACK",
    )
]
PROCESSES += [("limit_parent", [], REFUSED)]
PROCESSES += [
    ("lose", [how], REFUSED)
    for how in (
        "session",
        "group",
        "uid",
        "groups",
        "affinity",
        "affinity_of_parent",
        "nice",
        "scheduler",
        "root",
        "mount",
        "unmount",
        "host_name",
        "clock",
        "personality",
        "timer",
        "watch",
        "keys",
    )
]

AF_NETLINK, AF_PACKET, AF_ALG, AF_VSOCK, AF_XDP = 16, 17, 38, 40, 44
SO_PEERCRED, SO_PEERGROUPS, SO_PEERPIDFD = 17, 59, 77
NETWORK = [
    ("open_socket", [family, kind], REFUSED)
    for family, kind in (
        (socket.AF_INET, socket.SOCK_STREAM),
        (socket.AF_INET, socket.SOCK_DGRAM),
        (socket.AF_INET6, socket.SOCK_STREAM),
        (socket.AF_UNIX, socket.SOCK_STREAM),
        (socket.AF_UNIX, socket.SOCK_DGRAM),
        (AF_NETLINK, socket.SOCK_RAW),
        (AF_PACKET, socket.SOCK_RAW),
        (AF_ALG, socket.SOCK_SEQPACKET),
        (AF_VSOCK, socket.SOCK_STREAM),
        (AF_XDP, socket.SOCK_RAW),
    )
]
NETWORK += [("open_pair", [kind], REFUSED) for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET)]
NETWORK += [
    ("ask_peer", [option], REFUSED) for option in (SO_PEERCRED, SO_PEERGROUPS, SO_PEERPIDFD)
]
NETWORK += [
    ("send_to_path", [], REFUSED),
    ("send_descriptor", [], REFUSED),
    ("set_option", [], REFUSED),
]

ACTS = [*FILES, *DESCRIPTORS, *PROCESSES, *NETWORK]


@pytest.mark.parametrize(("act", "arguments", "safe"), ACTS)
def test_the_act_is_refused(labs, boxes, act, arguments, safe):
    for lab in labs:
        answer, reason = boxes(lab).call("attempt", act, *arguments)
        assert answer == DENIED, (lab.tier, act, arguments)
        assert reason in safe, (lab.tier, act, arguments, reason)


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
            client.call("attempt", act)
        assert lab.sandbox.close_box(client.box).exit_code == -signal.SIGSYS
        assert lab.box().call("attempt", "parent")[0] == ALLOWED


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
            answer, reason = lab.box().call("attempt", "read_file", f"/proc/{other}/{file}")
            assert answer == DENIED, (lab.tier, file)
            assert reason in HIDDEN, (lab.tier, file, reason)


def test_the_name_of_the_machine_shows_in_the_locked_tier_only(labs):
    for lab in labs:
        expected = platform.node() if lab.tier == "locked" else "box"
        assert lab.box().call("host_name") == expected


def test_existence_of_files_leaks_where_there_is_no_own_root_folder(labs):
    for lab in labs:  # in a container these are the image's files, not the person's
        answer, _ = lab.box().call("attempt", "see_file", "/etc/passwd")
        assert answer == (DENIED if lab.tier == "full" else ALLOWED)


def test_nothing_in_the_box_names_the_hosts_folders(labs):
    for lab in labs:
        assert lab.box().call("host_paths") == []
