"""Finds out cheaply whether plugins or packs are installed, and where a pack lies.

importlib.metadata takes longer to import than the whole command line takes to start, and nearly all
installations have neither plugins nor packs. So this looks first whether it is worth it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

GROUP = "harness"
PACK_GROUP = "harness.packs"


def plugins_installed(path: Sequence[str]) -> bool:
    """Return whether a distribution on ``path`` (as ``sys.path``) has entry points for plugins.

    May be True although there are none, never False when there are some.
    """
    return GROUP in groups_installed(path)


def groups_installed(path: Sequence[str]) -> set[str]:
    """Return in which of the two groups distributions on ``path`` have entry points.

    May contain one too many, never one too few.
    """
    files = (file for folder in path for file in _entry_point_files(folder))
    return {group for file in files for group in _groups_of(file)}


def _entry_point_files(folder: str) -> Iterator[str]:
    """Yield where the distributions in one folder of ``sys.path`` keep their entry points."""
    try:
        names = os.listdir(folder or ".")
    except NotADirectoryError:
        yield folder  # an archive, which importlib.metadata can read
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


def find_pack_folder(value: str) -> Path | None:
    """Return the folder of the package that an entry point names; None when it holds no pack.

    ``value`` is a package, or a package inside of one: ``my_pack`` or ``my_things.pack``. No code
    of the package runs.
    """
    from importlib.util import find_spec

    top, *inner = value.partition(":")[0].strip().split(".")
    try:
        # The name before the first dot only: to look inside a package, Python would import it.
        spec = find_spec(top)
    except (ImportError, AttributeError, ValueError):
        return None
    locations = (spec and spec.submodule_search_locations) or ()
    folders = (Path(location, *inner) for location in locations)
    return next((folder for folder in folders if (folder / "problems").is_dir()), None)
