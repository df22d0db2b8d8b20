from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.cli.watching.bar import BarState, bar_lines, visible_length

KEYS = (("t", "test"), ("s", "submit"), ("c", "statement"), ("l", "levels"), ("q", "quit"))


def state(**changes: object) -> BarState:
    values: dict[str, object] = {
        "level": 2,
        "accepted": (True, False, False, False),
        "middle": "visible 5/8",
        "remaining_seconds": 2590.0,
        "paused": False,
        "keys": KEYS,
    }
    return BarState(**(values | changes))  # type: ignore[arg-type]


def plain(bar: BarState, columns: int = 80) -> list[str]:
    """The lines without any escape sequence."""
    import re

    return [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in bar_lines(bar, columns, colour=True)]


def test_shows_levels_tests_clock_and_keys() -> None:
    first, second = plain(state())
    assert first.startswith(" ✔ 1  ▶ 2  · 3  · 4 ")
    assert "visible 5/8" in first
    assert first.endswith("43:10 left")
    assert second == " t test  s submit  c statement  l levels  q quit "


def colour_of_clock(seconds: float) -> str:
    line = bar_lines(state(remaining_seconds=seconds), 80, colour=True)[0]
    return line.rsplit("\x1b[0m", 2)[-2] if line.endswith("\x1b[0m") else "plain"


def test_clock_changes_colour_when_time_runs_out() -> None:
    assert colour_of_clock(601) == "plain"
    assert "\x1b[33m" in colour_of_clock(599)
    assert "\x1b[1;31m" in colour_of_clock(119)


def test_no_colour_leaves_only_bold_and_dim() -> None:
    text = "".join(bar_lines(state(remaining_seconds=30), 80, colour=False))
    assert not any(code in text for code in ("\x1b[3", "\x1b[1;3"))


def test_paused() -> None:
    assert plain(state(paused=True))[0].endswith("paused, 43:10 left")


def test_a_question_replaces_the_keys() -> None:
    assert plain(state(question="Reset?  y / n"))[1] == " Reset?  y / n"


def test_narrow_terminal_keeps_every_key() -> None:
    assert plain(state(), 30)[1] == " t s c l q"


@given(
    columns=st.integers(1, 200),
    seconds=st.floats(-1e6, 1e6),
    middle=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=100),
    paused=st.booleans(),
    colour=st.booleans(),
)
def test_always_two_lines_narrower_than_the_terminal(
    columns: int, seconds: float, middle: str, paused: bool, colour: bool
) -> None:
    bar = state(remaining_seconds=seconds, middle=middle, paused=paused)
    lines = bar_lines(bar, columns, colour=colour)
    assert len(lines) == 2
    assert all(visible_length(line) <= max(columns - 1, 1) for line in lines)
