"""The bar at the bottom of ``harness watch``: what it shows, and its lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from harness.model.frozen import frozen
from harness.reports.standings import LevelStanding
from harness.words import LAST_SECONDS, SOON_SECONDS, clock_text, remaining_text

_ANSI: Final = {
    "": "",
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "good": "\x1b[32m",
    "here": "\x1b[1;36m",
    "soon": "\x1b[33m",
    "last": "\x1b[1;31m",
}
_MOST_KEY_LINES: Final = 3
_WITHOUT_COLOUR: Final = ("bold", "dim")

Part = tuple[str, str]
"""A text and the name of its style."""


@frozen(kw_only=True)
class BarState:
    """What the bar shows."""

    levels: tuple[LevelStanding, ...]
    middle: str
    """Test results, or the work in progress."""
    level_seconds: float
    """Spent on the current level."""
    planned_seconds: float
    points: str
    remaining_seconds: float
    """Negative in practice mode after the time limit."""
    paused: bool
    keys: tuple[tuple[str, str], ...]
    """Key and word, the most important first."""
    question: str = ""
    """Replaces the keys while an answer is awaited."""


def bar_lines(state: BarState, columns: int, *, colour: bool) -> list[str]:
    """Return the lines of the bar, each narrower than ``columns``: one or two, then the keys."""
    width = max(columns - 1, 1)
    if state.question:
        below = [_painted([(f" {state.question}", "bold")], width, colour=colour)]
    else:
        below = bar_of_keys(state.keys, columns, colour=colour)
    return [*(_painted(line, width, colour=colour) for line in _facts(state, width)), *below]


def bar_of_keys(keys: Sequence[tuple[str, str]], columns: int, *, colour: bool) -> list[str]:
    """Return the keys with their words on at most three lines, else without."""
    width = max(columns - 1, 1)
    lines: list[list[Part]] = [[]]
    for key, word in keys:
        parts: list[Part] = [(f" {key}", "bold"), (f" {word} ", "dim")]
        if lines[-1] and _length([*lines[-1], *parts]) > width:
            lines.append([])
        lines[-1] += parts
    if len(lines) > _MOST_KEY_LINES or any(_length(line) > width for line in lines):
        lines = [[(f" {key}", "bold") for key, _ in keys]]
    return [_painted(line, width, colour=colour) for line in lines]


def _facts(state: BarState, width: int) -> list[list[Part]]:
    """Return levels, clocks, points and results: on one line, or on two."""
    rail = [_level(number, standing) for number, standing in enumerate(state.levels, start=1)]
    on_level = f"{clock_text(state.level_seconds)} of {clock_text(state.planned_seconds)}"
    clock, points, middle = _clock(state), (state.points, "dim"), (f" {state.middle}", "")
    gap: Part = (" · ", "dim")
    whole = [(f"level {on_level}", "dim"), gap, points, gap, clock]
    if _length([*rail, middle, *whole]) + 4 <= width:
        return [_apart([*rail, ("  ", ""), middle], whole, width)]
    forms = [[(f"level {on_level}", "dim"), gap, clock], [(on_level, "dim"), gap, clock], [clock]]
    right = next((form for form in forms if _length([*rail, *form]) + 2 <= width), [clock])
    return [_apart(rail, right, width), _apart([middle], [points], width)]


def _apart(left: list[Part], right: list[Part], width: int) -> list[Part]:
    """Put ``left`` and ``right`` at the two edges; ``left`` is cut where it must be."""
    left = _fit(left, width - _length(right) - 2)
    gap = " " * max(0, width - _length(left) - _length(right))
    return _fit([*left, (gap, ""), *right], width)


def _level(number: int, standing: LevelStanding) -> Part:
    match standing:
        case "accepted":
            return f" ✔ {number} ", "good"
        case "revealed":
            return f" ○ {number} ", "soon"
        case "current" | "given_up":
            return f" ▶ {number} ", "here"
    return f" · {number} ", "dim"


def _clock(state: BarState) -> Part:
    text = remaining_text(state.remaining_seconds)
    if state.paused:
        return f"paused, {text}", "soon"
    if state.remaining_seconds < LAST_SECONDS:
        return text, "last"
    return text, "soon" if state.remaining_seconds < SOON_SECONDS else ""


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


def _painted(line: Iterable[Part], width: int, *, colour: bool) -> str:
    """Return ``line`` with its styles, cut where it must be."""
    painted = ""
    for text, style in _fit(line, width):
        code = _ANSI[style] if colour or style in _WITHOUT_COLOUR else ""
        painted += f"{code}{text}\x1b[0m" if code else text
    return painted
