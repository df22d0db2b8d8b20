from __future__ import annotations

import json
import re
import threading

import pytest

from harness.cli.watch import Tasks
from harness.cli.watch_bar import BarState
from harness.cli.watch_screen import Note, TerminalScreen, print_event
from harness.errors import RequestError

BAR = BarState(
    levels=("current",),
    middle="",
    level_seconds=0.0,
    planned_seconds=60.0,
    points="0 of 1 points",
    remaining_seconds=1.0,
    paused=False,
    keys=(("q", "quit"),),
)


class Paper:
    """A terminal that remembers."""

    def __init__(self) -> None:
        self.columns = 80
        self.text = ""
        self.bar: list[str] = []

    def print(self, text: str) -> None:
        self.text += text

    def show_bar(self, lines) -> None:
        self.bar = lines


def show_value(paper, value, colour):
    assert TerminalScreen(paper, colour).show(value) is False


def show_bar(paper, state, colour):
    TerminalScreen(paper, colour).draw_bar(state)


@pytest.fixture
def paper():
    return Paper()


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_an_error_with_its_hint(paper):
    show_value(paper, RequestError("[b]No[/b].", "harness status"), "auto")
    assert plain(paper.text) == "\nerror: [b]No[/b].\nhint: harness status"
    assert "\x1b[1;31m" in paper.text


def test_what_others_wrote_cannot_control_the_terminal(paper):
    show_value(paper, RequestError("a\x1b[2J", "rm \u202etxt"), "auto")
    assert "a\\x1b[2J\nhint: rm \\u202etxt" in plain(paper.text)


def test_an_error_without_a_hint(paper):
    show_value(paper, RequestError("No."), "auto")
    assert plain(paper.text) == "\nerror: No."


@pytest.mark.parametrize("setting", ["never", "auto"])
def test_no_colour(paper, monkeypatch, setting):
    monkeypatch.setenv("NO_COLOR", "1" if setting == "auto" else "")
    show_value(paper, RequestError("No.", "harness status"), setting)
    show_bar(paper, BAR, setting)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", paper.text + "".join(paper.bar))


def test_always_colour(paper, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    show_bar(paper, BAR, "always")
    assert "\x1b[1;31m" in paper.bar[0]


def test_follows_the_width_of_the_terminal(paper):
    paper.columns = 20
    show_value(paper, Note("note", "one two three four five six"), "auto")
    assert max(map(len, plain(paper.text).splitlines())) <= 20


def test_events_are_lines(capsys):
    print_event(Note("time", "2 minutes left."))
    print_event(RequestError("No.", "harness status"))
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {"event": "time", "text": "2 minutes left."}
    assert second["event"] == "error"
    assert second["error"]["message"] == "No."


def run(*works):
    """Do ``works`` as tasks and return their results."""
    tasks = Tasks({str(number): work for number, work in enumerate(works)}, lambda: None)
    for number in range(len(works)):
        tasks.post(str(number))
    tasks.stop(5)
    return tasks.results()


def test_results_come_in_order():
    assert run(lambda: "a", lambda: "b") == [("0", "a"), ("1", "b")]


def test_an_error_is_a_result_and_the_next_task_runs():
    error = ValueError("no")

    def fail():
        raise error

    assert run(fail, lambda: "b") == [("0", error), ("1", "b")]


def test_all_tasks_run_in_one_thread_of_their_own():
    threads = {value for _, value in run(*[threading.get_ident] * 3)}
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_a_result_wakes_the_loop():
    woken = []
    tasks = Tasks({"test": int}, lambda: woken.append(1))
    tasks.post("test")
    tasks.stop(5)
    assert woken == [1]


def test_stop_does_not_wait_for_ever():
    release = threading.Event()
    tasks = Tasks({"test": release.wait}, lambda: None)
    tasks.post("test")
    tasks.stop(0.01)
    assert tasks.results() == []
    release.set()
