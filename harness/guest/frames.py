"""Frames on a byte stream: four bytes of length, then JSON. See ``docs/wire.md``, "Frames"."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable
from typing import Any, NoReturn

from .codec import MAX_DEPTH, MAX_NODES, MalformedError, too_large
from .codec import MAX_FRAME_BYTES as MAX_FRAME_BYTES

HEADER = struct.Struct(">I")

LOCK_FAILED = 71
"""Exit code of a box that could not be locked, and so has not run a line of the solution."""

Frame = list[Any]


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"the number {text[:20]}")


def _refuse_object(value: object) -> NoReturn:
    raise TypeError(f"a {type(value).__name__} in a frame")


# What JSONEncoder.encode makes anew for each text. A frame is always a tree: to look for circles
# would take twice the time.
_encode: Any = json.encoder.c_make_encoder(  # type: ignore[attr-defined]
    None, _refuse_object, json.encoder.encode_basestring_ascii, None, ":", ",", False, False, False
)
_parse = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number).raw_decode
# Possessive, and matching to the end of an open string: linear whatever the text.
_STRINGS = re.compile(r'"(?:[^"\\]++|\\.?)*+"?', re.DOTALL)
_BRACKETS = re.compile(r"[][{}]")
_MAX_NESTING = 2 * MAX_DEPTH + 10
"""A container is a tag and an array; the rest is the frame around the values."""
_SIGNS_PER_NODE = 5
"""A handle is written with a brace, a bracket and three commas. What is longer counts as more."""


def pack(frame: Frame) -> bytes:
    """Return the bytes of ``frame``, header included.

    Raises :class:`UnsendableError` when it is larger than ``MAX_FRAME_BYTES``.
    """
    body = "".join(_encode(frame, 0)).encode("ascii")
    if len(body) > MAX_FRAME_BYTES:
        raise too_large("a message", len(body), "bytes")
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

    Raises :class:`MalformedError` when it is not JSON in ASCII, not an array, holds a number that
    is no integer, or has too many parts; the parts are counted before anything is built, since a
    megabyte of ``[]`` takes forty in memory. Raises RecursionError when the caller has left too
    little of the stack for a frame that is as deep as it may be.
    """
    try:
        text = body.decode("ascii")
        if len(text) > MAX_NODES:
            _count_parts(text)
        frame, end = _parse(text, 0)
    except ValueError as error:
        raise MalformedError(f"not JSON: {str(error)[:80]}") from None
    except RecursionError:
        if not _is_nested_too_deep(text):
            raise  # the reader had used up the stack before
        raise MalformedError("a frame that is nested too deep") from None
    if end != len(text) or type(frame) is not list:
        raise MalformedError("a frame that is not an array and nothing else")
    return frame


class FrameReader:
    """Reads frames from a stream; ``read_some`` returns the next of its bytes, at least one."""

    def __init__(self, read_some: Callable[[], bytes]) -> None:
        self._read_some = read_some
        self._buffer = b""

    @property
    def has_more(self) -> bool:
        """Whether bytes were read that belong to no frame yet."""
        return bool(self._buffer)

    def next(self) -> tuple[Frame, int]:
        """Return the next frame, and its size in bytes. Raises like :func:`unpack`."""
        data = self._at_least(HEADER.size)
        end = HEADER.size + body_length(data[: HEADER.size])
        if len(data) < end:
            data = self._at_least(end)
        self._buffer = data[end:]
        return unpack(data[HEADER.size : end]), end

    def _at_least(self, count: int) -> bytes:
        if len(self._buffer) < count:
            chunks = [self._buffer]
            missing = count - len(self._buffer)
            while missing > 0:
                chunk = self._read_some()
                chunks.append(chunk)
                missing -= len(chunk)
            self._buffer = b"".join(chunks)
        return self._buffer


def _count_parts(text: str) -> None:
    """Refuse a text with too many parts; those inside of strings do not count."""
    for counted in (text, _STRINGS.sub("", text)):
        signs = counted.count(",") + counted.count("[") + counted.count("{")
        if signs <= _SIGNS_PER_NODE * MAX_NODES:
            return
    raise MalformedError("a frame with too many parts")


def _is_nested_too_deep(text: str) -> bool:
    depth = 0
    for sign in _BRACKETS.finditer(_STRINGS.sub("", text)):
        depth += 1 if sign[0] in "[{" else -1
        if depth > _MAX_NESTING:
            return True
    return False
