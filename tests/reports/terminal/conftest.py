from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

GOLDEN = Path(__file__).parent / "golden"

Draw = Callable[..., str]


@pytest.fixture
def draw() -> Draw:
    """Print a renderable to text as a pipe would get it; ``terminal=True``: with all colours."""

    def draw_it(
        thing: RenderableType, width: int = 80, *, terminal: bool = False, encoding: str = "utf-8"
    ) -> str:
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
def matches_golden() -> Callable[[str, str], None]:
    """Compare with a recorded picture. ``RECORD_GOLDEN=1`` records it anew: then read it."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / f"{name}.txt"
        if os.environ.get("RECORD_GOLDEN"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
