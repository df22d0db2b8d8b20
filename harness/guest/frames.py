"""Frames on a byte stream: four bytes of length, then JSON. See ``docs/wire.md``, "Frames"."""

from __future__ import annotations

import json
import re
import struct
from typing import Any

from .codec import MAX_DEPTH, MAX_NODES, MalformedError, UnsendableError

MAX_FRAME_BYTES = 4 * 1024 * 1024
HEADER = struct.Struct(">I")

Frame = list[Any]

_dumps = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS_DEEP = 2 * MAX_DEPTH + 20
"""Every tagged container opens two brackets, and the frame itself a few."""


def pack(frame: Frame) -> bytes:
    """Return the bytes of ``frame``, header included.

    Raises :class:`UnsendableError` when it is larger than ``MAX_FRAME_BYTES``.
    """
    body = _dumps(frame).encode("ascii")
    if len(body) > MAX_FRAME_BYTES:
        raise UnsendableError(f"a message of {len(body)} bytes, more than {MAX_FRAME_BYTES}")
    return HEADER.pack(len(body)) + body


def body_length(header: bytes) -> int:
    """Return the length a header announces, checked before anything is read or allocated.

    Raises :class:`MalformedError` when it is zero or more than ``MAX_FRAME_BYTES``.
    """
    (length,) = HEADER.unpack(header)
    if not 0 < length <= MAX_FRAME_BYTES:
        raise MalformedError(f"a frame announces {length} bytes")
    return int(length)


def unpack(body: bytes) -> Frame:
    """Return the frame in ``body``.

    Raises :class:`MalformedError` when it is not JSON, not an array, or has too many parts; the
    parts are counted before anything is built, since a megabyte of ``[]`` takes forty in memory.
    """
    if body.count(b",") + body.count(b"[") + body.count(b"{") > MAX_NODES:
        _count_exactly(body)
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"not JSON: {str(error)[:80]}") from None
    if type(frame) is not list:
        raise MalformedError("a frame that is not an array")
    return frame


def _count_exactly(body: bytes) -> None:
    """Count parts outside of strings; only reached by frames that are large."""
    bare = _STRINGS.sub(b"", body)
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > 3 * MAX_NODES:
        raise MalformedError("a frame with too many parts")
