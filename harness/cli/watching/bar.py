"""The bar at the bottom: levels, test results, clock and keys.

Pure: a state in, lines out. Two lines that always fit the terminal's width.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from harness.model.frozen import frozen
from harness.words import remaining_text

SOON_SECONDS: Final = 10 * 60
LAST_SECONDS: Final = 2 * 60

_ANSI: Final = {
    "": "",
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "good": "\x1b[32m",
    "here": "\x1b[1;36m",
    "soon": "\x1b[33m",
    "last": "\x1b[1;31m",
}
_RESET: Final = "\x1b[0m"
_WITHOUT_COLOUR: Final = ("bold", "dim")

Part = tuple[str, str]
"""A text and the name of its style."""


@frozen
class BarState:
    """What the bar shows."""

    level: int
    accepted: tuple[bool, ...]
    """Per level: whether it is done."""
    middle: str
    """Test results, or the work in progress."""
    remaining_seconds: float
    """Negative in practice mode after the time limit."""
    paused: bool
    keys: tuple[tuple[str, str], ...]
    """Key and word, the most important first: those that do not fit are left out from the end."""
    question: str = ""
    """Replaces the keys while an answer is awaited."""


def bar_lines(state: BarState, columns: int, *, colour: bool) -> list[str]:
    """Return the lines of the bar, each narrower than ``columns``."""
    width = max(columns - 1, 1)
    clock = _clock(state)
    left = _fit([*_rail(state), ("   ", ""), (state.middle, "")], width - len(clock[0]) - 2)
    gap = width - _length(left) - len(clock[0])
    first = _fit([*left, (" " * gap, ""), clock], width)
    second = [(f" {state.question}", "bold")] if state.question else _keys(state.keys, width)
    return [_paint(first, colour=colour), _paint(_fit(second, width), colour=colour)]


def visible_length(line: str) -> int:
    """How many columns a painted line takes."""
    return len(_strip(line))


def _strip(line: str) -> str:
    for code in (*_ANSI.values(), _RESET):
        if code:
            line = line.replace(code, "")
    return line


def _rail(state: BarState) -> Iterable[Part]:
    for number, accepted in enumerate(state.accepted, start=1):
        if accepted:
            yield f" ✔ {number} ", "good"
        elif number == state.level:
            yield f" ▶ {number} ", "here"
        else:
            yield f" · {number} ", "dim"


def _clock(state: BarState) -> Part:
    text = remaining_text(state.remaining_seconds)
    if state.paused:
        return f"paused, {text}", "soon"
    if state.remaining_seconds < LAST_SECONDS:
        return text, "last"
    return text, "soon" if state.remaining_seconds < SOON_SECONDS else ""


def _keys(keys: Sequence[tuple[str, str]], width: int) -> list[Part]:
    """The keys with their words; on a narrow terminal the letters alone."""
    worded = [part for key, word in keys for part in ((f" {key}", "bold"), (f" {word} ", "dim"))]
    if _length(worded) <= width:
        return worded
    return [(f" {key}", "bold") for key, _ in keys]


def _length(parts: Iterable[Part]) -> int:
    return sum(len(text) for text, _ in parts)


def _fit(parts: Iterable[Part], width: int) -> list[Part]:
    """Cut what does not fit."""
    fitting = []
    for text, style in parts:
        if width <= 0:
            break
        fitting.append((text[:width], style))
        width -= len(text)
    return fitting


def _paint(parts: Iterable[Part], *, colour: bool) -> str:
    painted = []
    for text, style in parts:
        code = _ANSI[style] if colour or style in _WITHOUT_COLOUR else ""
        painted.append(f"{code}{text}{_RESET}" if code else text)
    return "".join(painted)
