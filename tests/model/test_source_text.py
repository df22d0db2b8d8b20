"""A file that is accepted as UTF-8 means in a box what it means to Python."""

from __future__ import annotations

import pytest

from harness.model.source_text import flaw_of_source

AS_UTF_8 = [
    b"",
    b"a = '\xc3\xa9'\n",
    b"# coding: utf-8\na = '\xc3\xa9'\n",
    b"# -*- coding: UTF8 -*-\na = '\xc3\xa9'\n",
    b"# vim: set fileencoding=utf_8 :\na = '\xc3\xa9'\n",
    b"# coding: utf-8-unix\na = '\xc3\xa9'\n",
    b"# coding: U8\na = '\xc3\xa9'\n",
    b"\xef\xbb\xbf# coding: utf-8-sig\na = '\xc3\xa9'\n",
    b"#!/usr/bin/env python3\n\n# coding: cp1252\na = '\xc3\xa9'\n",  # in line 3 it is a comment
    b"import os  # encoding: cp1252\na = '\xc3\xa9'\n",
    b"'''Text.\n# coding: cp1252\n'''\na = '\xc3\xa9'\n",
    b"a = 1\n# coding: cp1252\na = '\xc3\xa9'\n",
    b"# decoding the file cp1252\na = '\xc3\xa9'\n",
    b"# coding : cp1252\na = '\xc3\xa9'\n",
]
OTHERWISE = {
    b"# coding: cp1252\na = '\xe9'\n": "line 1 declares the encoding cp1252",
    b"# coding: cp1252\na = '\xc3\xa9'\n": "line 1 declares the encoding cp1252",
    b"# -*- coding: latin-1 -*-\na = 1\n": "line 1 declares the encoding latin-1",
    b"#!/usr/bin/python\n# coding=iso-8859-15\n": "line 2 declares the encoding iso-8859-15",
    b"\n \t\x0c# This is encoding: koi8-r here\n": "line 2 declares the encoding koi8-r",
    b"#!/x\r# coding: cp1252\ra = '\xc3\xa9'\r": "line 2 declares the encoding cp1252",
    b"#!/x\r\n# coding: cp1252\r\n": "line 2 declares the encoding cp1252",
    b"# coding: utf-16\n": "line 1 declares the encoding utf-16",
    b"# coding: utf-7\na = '+AOk-'\n": "line 1 declares the encoding utf-7",
    b"# coding: rot13\n": "line 1 declares the encoding rot13",
    b"# coding: klingon\n": "line 1 declares the encoding klingon",
    b"\xef\xbb\xbf# coding: cp1252\n": "line 1 declares the encoding cp1252",
    b"a = 1\n\nb = '\xff'\n": "line 3 contains bytes that are not UTF-8",
    b"a = 1\nb = '\0'\n": "line 2 contains a NUL byte",
}


@pytest.mark.parametrize("content", AS_UTF_8)
def test_what_python_reads_as_utf_8_has_no_flaw(content):
    assert flaw_of_source(content) is None
    here: dict[str, str] = {}
    exec(compile(content.decode("utf-8-sig"), "here", "exec"), here)
    elsewhere: dict[str, str] = {}
    exec(compile(content, "elsewhere", "exec"), elsewhere)
    assert here.get("a") == elsewhere.get("a")


@pytest.mark.parametrize("content", OTHERWISE)
def test_what_is_something_else_is_named_with_its_line(content):
    assert str(flaw_of_source(content)).startswith(OTHERWISE[content])
