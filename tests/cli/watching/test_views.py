from __future__ import annotations

import json
import re

import pytest

from harness.cli.watching.bar import BarState
from harness.cli.watching.loop import Note
from harness.cli.watching.views import JsonView, TerminalView
from harness.errors import RequestError

BAR = BarState(
    level=1,
    accepted=(False,),
    middle="",
    remaining_seconds=1.0,
    paused=False,
    keys=(("q", "quit"),),
)


class Paper:
    """A screen that remembers."""

    def __init__(self) -> None:
        self.text = ""
        self.bar: list[str] = []

    def print(self, text: str) -> None:
        self.text += text

    def show_bar(self, lines) -> None:
        self.bar = lines


@pytest.fixture
def paper():
    return Paper()


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_an_error_with_its_hint(paper):
    view = TerminalView(paper, lambda: 80, "auto")
    view.show(RequestError("[b]No[/b].", "harness status"))
    assert plain(paper.text) == "\nerror: [b]No[/b].\nhint: harness status\n"
    assert "\x1b[1;31m" in paper.text


def test_what_others_wrote_cannot_control_the_terminal(paper):
    view = TerminalView(paper, lambda: 80, "auto")
    view.show(RequestError("a\x1b[2J", "rm \u202etxt"))
    assert "a\\x1b[2J\nhint: rm \\u202etxt" in plain(paper.text)


def test_an_error_without_a_hint(paper):
    TerminalView(paper, lambda: 80, "auto").show(RequestError("No."))
    assert plain(paper.text) == "\nerror: No.\n"


@pytest.mark.parametrize("setting", ["never", "auto"])
def test_no_colour(paper, monkeypatch, setting):
    monkeypatch.setenv("NO_COLOR", "1" if setting == "auto" else "")
    view = TerminalView(paper, lambda: 80, setting)
    view.show(RequestError("No.", "harness status"))
    view.bar(BAR)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", paper.text + "".join(paper.bar))


def test_always_colour(paper, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    view = TerminalView(paper, lambda: 80, "always")
    view.bar(BAR)
    assert "\x1b[1;31m" in paper.bar[0]


def test_follows_the_width_of_the_terminal(paper):
    view = TerminalView(paper, lambda: 20, "auto")
    view.show(Note("note", "one two three four five six"))
    assert max(map(len, plain(paper.text).splitlines())) <= 20


def test_events_are_lines():
    written = []
    view = JsonView(written.append)
    view.show(Note("time", "2 minutes left."))
    view.show(RequestError("No.", "harness status"))
    view.bar(BAR)
    first, second = map(json.loads, written)
    assert first == {"event": "time", "text": "2 minutes left."}
    assert second["event"] == "error"
    assert second["error"]["message"] == "No."
    assert not any("\n" in line for line in written)
