"""Tells at little cost whether any plugin or pack is installed.

importlib.metadata takes longer to import than the whole command line takes to start; nearly all
installations have neither. So we look first whether it is worth it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

GROUP = "harness"
PACK_GROUP = "harness.packs"


def plugins_installed(path: Sequence[str]) -> bool:
    """Tell whether a distribution on ``path`` (as ``sys.path``) has entry points in our group.

    May say True without need, never False when there are some.
    """
    return GROUP in groups_installed(path)


def groups_installed(path: Sequence[str]) -> set[str]:
    """Return in which of our groups distributions on ``path`` have entry points.

    May name one too many, never one too few.
    """
    files = (file for folder in path for file in _entry_point_files(folder))
    return {group for file in files for group in _groups_of(file)}


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


def _groups_of(file: str) -> list[str]:
    try:
        with open(file, "rb") as handle:
            start = handle.read(4)
            if start.startswith(b"PK"):
                return [GROUP, PACK_GROUP]
            text = (start + handle.read()).replace(b" ", b"")
    except OSError:
        return []
    return [group for group in (GROUP, PACK_GROUP) if f"[{group}]".encode() in text]
