"""Own user, mount, process, network and IPC namespaces, with a root that holds only a read-only
standard library. Runs in the sandbox's first process, before any candidate code exists.
"""

from __future__ import annotations

import ctypes
import os
import socket
from collections.abc import Iterable

from . import libc

_NEW_MOUNT, _NEW_UTS, _NEW_IPC = 0x00020000, 0x04000000, 0x08000000
_NEW_USER, _NEW_PID, _NEW_NET = 0x10000000, 0x20000000, 0x40000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_REMOUNT = 1, 2, 4, 32
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_MNT_DETACH = 2
_MOUNT_SETATTR = 442
_AT_RECURSIVE, _AT_FDCWD = 0x8000, -100
_ATTR_RDONLY, _ATTR_NOSUID = 1, 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

_STAGE = "/tmp"
"""Any folder that exists everywhere; the new root is mounted over it in our own namespace."""
_OLD = "/.old"
_HOST_NAME = "box"


def enter() -> None:
    """Leave the host's namespaces; the next child forked is process 1 of the new ones.

    As root no user namespace is made: root drops to a uid of its own later. Raises
    :class:`OSError` where the kernel or its policy refuses.
    """
    flags = _NEW_MOUNT | _NEW_UTS | _NEW_IPC | _NEW_PID | _NEW_NET
    uid, gid = os.getuid(), os.getgid()
    if uid == 0:
        libc.check(libc.library().unshare(flags), "unshare")
    else:
        libc.check(libc.library().unshare(flags | _NEW_USER), "unshare")
        for file, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1"),
        ):
            with open(f"/proc/self/{file}", "w") as handle:
                handle.write(text)
    socket.sethostname(_HOST_NAME)


def build_root(readable: Iterable[str], masked: Iterable[str]) -> None:
    """Replace the root by an empty one with read-only binds of ``readable``.

    Folders in ``masked`` that lie inside of those become empty, files unreadable and empty.
    Raises :class:`OSError`.
    """
    os.umask(
        0o022
    )  # whatever the user's is: another uid must be able to pass through these folders
    _mount("none", "/", None, _MS_REC | _MS_PRIVATE, "make mounts private")
    _mount_tmpfs(_STAGE)
    os.chdir(_STAGE)
    os.mkdir(_STAGE + _OLD)
    _pivot(_STAGE, _STAGE + _OLD)
    os.chdir("/")
    for path in _outermost(readable):
        _bind_read_only(path)
    for path in masked:
        _mask(path)
    libc.check(libc.library().umount2(_OLD.encode(), _MNT_DETACH), "detach the old root")
    os.rmdir(_OLD)
    _mount(None, "/", None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY, "lock the root")


def _outermost(paths: Iterable[str]) -> list[str]:
    """Drop paths that lie inside another one, so that nothing is bound twice."""
    chosen: list[str] = []
    for path in sorted({os.path.normpath(path) for path in paths}):
        if os.path.lexists(_OLD + path) and not any(
            path.startswith(outer + "/") for outer in chosen
        ):
            chosen.append(path)
    return chosen


def _bind_read_only(path: str) -> None:
    source = _OLD + path
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.islink(source):
        os.symlink(os.readlink(source), path)
        return
    if os.path.isdir(source):
        os.mkdir(path)
    else:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o444))
    _mount(source, path, None, _MS_BIND | _MS_REC, f"bind {path}")
    attributes = (ctypes.c_uint64 * 4)(_ATTR_RDONLY | _ATTR_NOSUID, 0, 0, 0)
    libc.system_call(
        _MOUNT_SETATTR,
        f"make {path} read-only",
        ctypes.c_int(_AT_FDCWD),
        ctypes.c_char_p(os.fsencode(path)),
        ctypes.c_uint(_AT_RECURSIVE),
        attributes,
        ctypes.c_size_t(ctypes.sizeof(attributes)),
    )


def _mask(path: str) -> None:
    """Hide what lies at ``path``, if the new root has it."""
    if os.path.isdir(path):
        _mount_tmpfs(path)
    elif os.path.exists(path):
        _mount("/dev/null", path, None, _MS_BIND, f"mask {path}")


def _mount_tmpfs(path: str) -> None:
    options = b"size=1m,nr_inodes=4k,mode=755"
    _mount("tmpfs", path, b"tmpfs", _MS_NOSUID | _MS_NODEV, f"mount an empty {path}", options)


def _mount(
    source: str | None,
    target: str,
    kind: bytes | None,
    flags: int,
    what: str,
    options: bytes | None = None,
) -> None:
    encoded = None if source is None else os.fsencode(source)
    arguments = (encoded, os.fsencode(target), kind, ctypes.c_ulong(flags), options)
    libc.check(libc.library().mount(*arguments), what)


def _pivot(new_root: str, old_root: str) -> None:
    libc.system_call(
        _PIVOT_ROOT[os.uname().machine],
        "pivot_root",
        ctypes.c_char_p(new_root.encode()),
        ctypes.c_char_p(old_root.encode()),
    )
