from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from rich.console import Console

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def draw():
    """Print a renderable to text as a pipe would get it; ``terminal=True``: with all colours."""

    def draw_it(thing, width=80, *, terminal=False, encoding="utf-8"):
        raw = io.BytesIO()
        stream = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
        console = Console(
            file=stream,
            width=width,
            force_terminal=terminal,
            color_system="standard" if terminal else None,
            legacy_windows=False,
        )
        console.print(thing, crop=False)
        return raw.getvalue().decode(encoding)

    return draw_it


@pytest.fixture
def matches_golden():
    """Compare with a recorded picture. ``RECORD_GOLDEN=1`` records it anew: then read it."""

    def compare(name, text):
        path = GOLDEN / f"{name}.txt"
        if os.environ.get("RECORD_GOLDEN"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
