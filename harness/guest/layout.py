"""Which files a box may read: this interpreter's standard library and what that needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

_LIBRARY_FOLDERS = ("/lib", "/lib64", "/usr/lib64", "/usr/lib", "/usr/local/lib")
_FILES = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/usr/share/zoneinfo",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
)
_MANY = 500
"""From this number of shared libraries on, a folder is made readable instead of each of them."""


def standard_library() -> str:
    """The folder of the standard library."""
    return os.path.dirname(os.path.abspath(os.__file__))


def readable_paths() -> list[str]:
    """Files and folders that a box may read; see :func:`masked_paths` for the holes in them."""
    triplet = getattr(sys.implementation, "_multiarch", "")
    paths = [standard_library(), *_FILES]
    for folder in _LIBRARY_FOLDERS:
        if triplet and os.path.isdir(f"{folder}/{triplet}"):
            paths.append(f"{folder}/{triplet}")
        paths += shared_libraries(folder)
    paths += shared_libraries(os.path.join(sys.base_prefix, "lib"))
    paths += ["/lib64", "/usr/lib64"]
    return [path for path in dict.fromkeys(paths) if os.path.exists(path)]


def shared_libraries(folder: str, many: int = _MANY) -> list[str]:
    """The shared libraries in ``folder``; the folder itself when there are ``many``."""
    found = [os.path.join(folder, name) for name in _names(folder) if ".so" in name]
    return found if len(found) < many else [folder]


def masked_paths(readable: Iterable[str], protected: Iterable[str]) -> list[str]:
    """Folders inside of ``readable`` that a box must not see: installed packages, ``protected``."""
    roots = {_folder(path) for path in readable if os.path.isdir(path)}
    masked = []
    for root in roots:
        inner = [root + name + "/" for name in _names(root) if name.startswith("python")]
        for folder in (root, *inner):
            masked += [folder + name for name in _names(folder) if name.endswith("-packages")]
    for path in map(os.path.realpath, protected):
        if any(path.startswith(root) for root in roots):
            masked.append(path)
    return sorted(set(map(os.path.realpath, masked)))


def without(readable: Iterable[str], masked: Iterable[str]) -> list[str]:
    """Return ``readable`` with each folder around a masked one replaced by its other entries.

    Landlock knows only "everything below"; this says "everything below but".
    """
    holes = list(masked)
    paths = []
    pending = [(path, os.path.realpath(path)) for path in readable]
    while pending:
        path, real = pending.pop()
        if any(real == hole or real.startswith(hole + "/") for hole in holes):
            continue
        if any(hole.startswith(real.rstrip("/") + "/") for hole in holes):
            with os.scandir(path) as entries:
                pending += [(entry.path, _real(entry, real)) for entry in entries]
        else:
            paths.append(path)
    return paths


def _real(entry: os.DirEntry[str], folder: str) -> str:
    """The real path of an entry of ``folder``, a real path itself; asks only about links."""
    return os.path.realpath(entry.path) if entry.is_symlink() else f"{folder}/{entry.name}"


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _folder(path: str) -> str:
    """The real path, with one slash at its end."""
    return os.path.realpath(path).rstrip("/") + "/"
