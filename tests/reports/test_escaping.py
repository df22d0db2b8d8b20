"""Nothing a solution prints can do anything to a terminal."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.reports.escaping import escape_untrusted

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def is_harmless(character):
    if character in "\n\t":
        return True
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec=None)))
def test_what_remains_is_harmless(text):
    escaped = escape_untrusted(text)
    assert all(is_harmless(character) for character in escaped)
    assert not set(escaped) & set(BIDI)
    escaped.encode("utf-8")


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec=None)))
def test_escaping_twice_changes_nothing(text):
    escaped = escape_untrusted(text)
    assert escape_untrusted(escaped) == escaped


def test_every_control_and_format_character_is_covered():
    left = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if not all(map(is_harmless, escape_untrusted(chr(code))))
    ]
    assert left == []


@pytest.mark.parametrize(
    "text", ["plain", "ü é 漢字 🎉", "tab\tand\nline", "[bold]markup[/bold] :smile:", "back\\slash"]
)
def test_ordinary_text_stays_as_it_is(text):
    assert escape_untrusted(text) == text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("\x1b[2J\x1b[31mred", r"\x1b[2J\x1b[31mred"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("one\rtwo", r"one\rtwo"),
        ("\x00\x08\x7f", r"\x00\x08\x7f"),
        ("a\u202etxt.exe", r"a\u202etxt.exe"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("\u2028\ufeff", r"\u2028\ufeff"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("\u3164", r"\u3164"),
    ],
)
def test_dangerous_text_is_written_out(text, escaped):
    assert escape_untrusted(text) == escaped
