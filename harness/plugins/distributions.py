"""Finds the pack of an installed distribution without running any of its code."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def find_pack_folder(value: str) -> Path | None:
    """Return the folder of the package that an entry point names; None when it holds no pack.

    ``value`` is a package, or a package inside of one: ``my_pack`` or ``my_things.pack``.
    """
    top, *inner = value.partition(":")[0].strip().split(".")
    try:
        # Of a name without dots only: to look inside of a package, Python would import it.
        spec = importlib.util.find_spec(top)
    except (ImportError, AttributeError, ValueError):
        return None
    locations = (spec and spec.submodule_search_locations) or ()
    folders = (Path(location, *inner) for location in locations)
    return next((folder for folder in folders if (folder / "problems").is_dir()), None)
