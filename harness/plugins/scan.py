"""Tells at little cost whether any plugin is installed.

importlib.metadata takes longer to import than the whole command line takes to start; nearly all
installations have no plugin. So we look first whether it is worth it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

GROUP = "harness"

_SECTION = f"[{GROUP}]".encode()


def plugins_installed(path: Sequence[str]) -> bool:
    """Tell whether a distribution on ``path`` (as ``sys.path``) has entry points in our group.

    May say True without need, never False when there are some.
    """
    return any(_declares_plugins(file) for folder in path for file in _entry_point_files(folder))


def _entry_point_files(folder: str) -> Iterator[str]:
    """Yield where the distributions in one folder of ``sys.path`` keep their entry points."""
    try:
        names = os.listdir(folder or ".")
    except NotADirectoryError:
        yield folder  # an archive: importlib.metadata can look into it, we cannot
        return
    except OSError:
        return
    for name in names:
        if name.endswith((".dist-info", ".egg-info")) or name == "EGG-INFO":
            yield os.path.join(folder, name, "entry_points.txt")


def _declares_plugins(file: str) -> bool:
    try:
        with open(file, "rb") as handle:
            start = handle.read(4)
            if start.startswith(b"PK"):
                return True
            return _SECTION in (start + handle.read()).replace(b" ", b"")
    except OSError:
        return False
