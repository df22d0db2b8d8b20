"""Frames: exact bytes, and nothing else accepted."""

from __future__ import annotations

import contextlib
import json
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.guest.codec import MAX_DEPTH, MAX_NODES, MalformedError, UnsendableError
from harness.guest.frames import HEADER, MAX_FRAME_BYTES, body_length, pack, unpack


def test_a_frame_is_a_length_and_ascii_json() -> None:
    assert pack([1, "é", {"a": None}]) == b'\x00\x00\x00\x17[1,"\\u00e9",{"a":null}]'


def test_lengths_are_checked_before_anything_is_read() -> None:
    assert body_length(HEADER.pack(1)) == 1
    assert body_length(HEADER.pack(MAX_FRAME_BYTES)) == MAX_FRAME_BYTES
    for length in (0, MAX_FRAME_BYTES + 1, 0xFFFFFFFF):
        with pytest.raises(MalformedError, match=f"announces {length} bytes"):
            body_length(HEADER.pack(length))


def test_too_large_a_frame_is_not_packed() -> None:
    largest = "x" * (MAX_FRAME_BYTES - 4)
    assert len(pack([largest])) == HEADER.size + MAX_FRAME_BYTES
    with pytest.raises(UnsendableError, match="8,388,609 bytes"):
        pack([largest + "x"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b"[1",
        b"{}",
        b"1",
        b'"a"',
        b" []",
        b"[] ",
        b"[][]",
        b"[1.5]",
        b"[1e999]",
        b"[NaN]",
        b"[-Infinity]",
        b"[Infinity]",
        b"['a']",
        b"[\xff]",
        b'["\xc3\xa9"]',
        b'["\n"]',
        b"[01]",
        b"[" + b"1" * 5000 + b"]",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_not_a_frame_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedError):
        unpack(body)


@given(st.binary(max_size=60) | st.text('[]{}",:\\1aeN.', max_size=60).map(str.encode))
def test_any_bytes_are_a_frame_or_refused(body: bytes) -> None:
    try:
        frame = unpack(body)
    except MalformedError:
        return
    assert unpack(pack(frame)[HEADER.size :]) == frame


def test_parts_are_counted_before_they_are_built() -> None:
    with pytest.raises(MalformedError, match="too many parts"):
        unpack(b"[" + b"[]," * 2_000_000 + b"1]")


def test_parts_in_texts_do_not_count() -> None:
    text = '[{,\\"' * 300_000
    assert unpack(json.dumps([text, text]).encode()) == [text, text]


def test_the_largest_honest_frames_are_accepted() -> None:
    handles = [{"h": [1, "T"]}] * (MAX_NODES - 1)
    assert unpack(pack([1, 2, "return", handles])[HEADER.size :])[3] == handles
    tuples = [{"t": []}] * (MAX_NODES - 1)
    assert unpack(pack([1, 2, "return", tuples])[HEADER.size :])[3] == tuples


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"," * 2_100_000 + b'"' + b'\\"' * 1_800_000,
        b"[" + b"," * 2_100_000 + b'"' + b'\\"' * 1_800_000 + b"\\",
        b"[" + b"," * 2_100_000 + b'"' * 3_000_000,
        b"[" + b"," * 2_100_000 + b"\\" * 3_000_000,
        b"[" + b"1," * 2_100_000 + b"1]",
        b"[" + b"1" * 4_000_000 + b"]",
    ],
    ids=["open text", "open escape", "quotes", "backslashes", "small texts", "one number"],
)
def test_no_frame_takes_long_to_refuse(body: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(MalformedError):
        unpack(body)
    assert time.monotonic() - started < 5


def test_a_frame_that_nests_too_deep_is_told_from_a_reader_without_stack() -> None:
    deepest = b"[" * (2 * MAX_DEPTH) + b"]" * (2 * MAX_DEPTH)
    unpack(deepest)
    with pytest.raises(MalformedError, match="nested too deep"):
        unpack(b"[" * 10_000 + b"]" * 10_000)

    def read_deep_down(levels: int) -> None:
        read_deep_down(levels - 1) if levels else unpack(deepest)

    with contextlib.suppress(RecursionError):  # from Python 3.12 on it can be read even there
        read_deep_down(sys.getrecursionlimit() - MAX_DEPTH - 100)


def test_brackets_within_strings_do_not_nest() -> None:
    assert unpack(b'["' + b"[" * 10_000 + b'"]') == ["[" * 10_000]
