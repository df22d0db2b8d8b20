"""Own user, mount, process, network and IPC namespaces, with a root that holds only a read-only
standard library. Runs in the sandbox's first process, before any candidate code exists.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable

_NEW_MOUNT, _NEW_UTS, _NEW_IPC = 0x00020000, 0x04000000, 0x08000000
_NEW_USER, _NEW_PID, _NEW_NET = 0x10000000, 0x20000000, 0x40000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_REMOUNT = 1, 2, 4, 32
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_MNT_DETACH = 2
_MOUNT_SETATTR = 442
_AT_RECURSIVE, _AT_FDCWD = 0x8000, -100
_ATTR_RDONLY, _ATTR_NOSUID = 1, 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522

_STAGE = "/tmp"
"""Any folder that exists everywhere; the new root is mounted over it in our own namespace."""
_OLD = "/.old"
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


def enter() -> None:
    """Leave the host's namespaces; the next child forked is process 1 of the new ones.

    As root no user namespace is made: root drops to a uid of its own later. Raises
    :class:`OSError` where the kernel or its policy refuses.
    """
    flags = _NEW_MOUNT | _NEW_UTS | _NEW_IPC | _NEW_PID | _NEW_NET
    uid, gid = os.getuid(), os.getgid()
    if uid == 0:
        _check(_libc().unshare(flags), "unshare")
        return
    _check(_libc().unshare(flags | _NEW_USER), "unshare")
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{file}", "w") as handle:
            handle.write(text)


def build_root(readable: Iterable[str], masked: Iterable[str]) -> None:
    """Replace the root by an empty one with read-only binds of ``readable``.

    Folders in ``masked`` that lie inside of those become empty.
    """
    libc = _libc()
    _check(libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None), "make mounts private")
    _mount_tmpfs(_STAGE)
    os.chdir(_STAGE)
    os.mkdir(_STAGE + _OLD)
    _pivot(_STAGE, _STAGE + _OLD)
    os.chdir("/")
    for path in _outermost(readable):
        _bind_read_only(path)
    for path in masked:
        if os.path.isdir(path):
            _mount_tmpfs(path)
    _check(libc.umount2(_OLD.encode(), _MNT_DETACH), "detach the old root")
    os.rmdir(_OLD)
    _check(libc.mount(None, b"/", None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY, None), "lock the root")


def drop_capabilities() -> None:
    """Give up every capability that the new user namespace granted."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    number = _CAPSET[os.uname().machine]
    _check(_libc().syscall(ctypes.c_long(number), header, nothing), "capset")


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
    parent = os.path.dirname(path)
    os.makedirs(parent, mode=0o755, exist_ok=True)
    if os.path.islink(source):
        os.symlink(os.readlink(source), path)
        return
    if os.path.isdir(source):
        os.mkdir(path, 0o755)
    else:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o444))
    libc = _libc()
    result = libc.mount(source.encode(), path.encode(), None, _MS_BIND | _MS_REC, None)
    _check(result, f"bind {path}")
    attributes = (ctypes.c_uint64 * 4)(_ATTR_RDONLY | _ATTR_NOSUID, 0, 0, 0)
    result = libc.syscall(
        ctypes.c_long(_MOUNT_SETATTR),
        ctypes.c_int(_AT_FDCWD),
        ctypes.c_char_p(path.encode()),
        ctypes.c_uint(_AT_RECURSIVE),
        attributes,
        ctypes.c_size_t(ctypes.sizeof(attributes)),
    )
    _check(result, f"make {path} read-only")


def _mount_tmpfs(path: str) -> None:
    options = b"size=1m,nr_inodes=4k,mode=755"
    result = _libc().mount(b"tmpfs", path.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV, options)
    _check(result, f"mount an empty {path}")


def _pivot(new_root: str, old_root: str) -> None:
    number = _PIVOT_ROOT[os.uname().machine]
    result = _libc().syscall(
        ctypes.c_long(number),
        ctypes.c_char_p(new_root.encode()),
        ctypes.c_char_p(old_root.encode()),
    )
    _check(result, "pivot_root")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
