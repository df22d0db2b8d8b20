"""The shape of a JSON document: where it has values, and of which kinds they are."""

from __future__ import annotations

KINDS = {bool: "boolean", int: "number", float: "number", str: "string", type(None): "null"}


def shape_of(document: object, path: str = "") -> dict[str, list[str]]:
    """Return path → kinds of the values there, such as ``levels[].title`` → ``["string"]``."""
    if isinstance(document, dict):
        parts = [shape_of(value, f"{path}.{key}".lstrip(".")) for key, value in document.items()]
        kind = "object"
    elif isinstance(document, list):
        parts = [shape_of(value, f"{path}[]") for value in document]
        kind = "array"
    else:
        parts, kind = [], KINDS[type(document)]
    kinds = {path: {kind}}
    for part in parts:
        for place, found in part.items():
            kinds.setdefault(place, set()).update(found)
    return {place: sorted(found) for place, found in sorted(kinds.items())}


def lost(old: dict[str, list[str]], new: dict[str, list[str]]) -> list[str]:
    """Return what a program that reads ``old`` misses in ``new``. More values are no loss.

    A value that was always null says nothing about its kind.
    """
    found = []
    for place, kinds in old.items():
        if place not in new:
            found.append(f"{place} is gone")
        elif kinds != ["null"] and not {*kinds, "null"} & {*new[place]}:
            found.append(f"{place} was {kinds}, and is {new[place]}")
    return found
