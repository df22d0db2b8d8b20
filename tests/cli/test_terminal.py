"""The terminal in a real pseudo-terminal, in a process of its own; and what an emulator renders."""

from __future__ import annotations

import os
import signal
import sys
import termios
import time
from itertools import groupby

import pexpect
import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cli.keyboard import Keyboard, marks_pastes
from harness.cli.pager import Pager, folded
from harness.cli.terminal import Terminal

LEFT = "\r\x1b[1A\x1b[J\x1b[?25h\x1b[?2004l"
"""The bar is wiped, the cursor shown, and a paste is left as it is."""

PROGRAM = """
import sys
from harness.cli.terminal import Terminal

with Terminal() as terminal:
    terminal.show_bar(["<bar>"])
    terminal.write(f"<ready {terminal.columns}>")
    while True:
        try:
            key = terminal.key(0.05)
        except EOFError:
            sys.exit(7)
        if key == "q":
            break
        if key == "e":
            raise ValueError("boom")
        if key:
            terminal.write(f"<{key}>")
print("<end>")
"""


@pytest.fixture
def child(request):
    """A process that echoes keys in brackets until q, in the terminal named by the parameter."""
    process = pexpect.spawn(
        sys.executable,
        ["-c", PROGRAM],
        encoding="utf-8",
        timeout=10,
        dimensions=(24, 70),
        env={**os.environ, "TERM": getattr(request, "param", "xterm-256color")},
    )
    process.expect_exact("\x1b[?2004h")
    process.expect("<ready 70>")
    yield process
    process.close(force=True)


def flags(process):
    """Whether the terminal echoes and waits for whole lines."""
    local = termios.tcgetattr(process.child_fd)[3]
    return bool(local & termios.ECHO), bool(local & termios.ICANON)


def test_keys_come_at_once_and_are_not_echoed(child):
    assert flags(child) == (False, False)
    child.send("t")
    child.expect_exact("<t>")
    assert "t" not in child.before


def test_restored_at_the_end(child):
    child.send("q")
    child.expect_exact(f"{LEFT}<end>")
    assert flags(child) == (True, True)


def test_restored_after_an_error(child):
    child.send("e")
    child.expect_exact(LEFT)
    child.expect_exact("boom")
    assert flags(child) == (True, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_restored_after_a_signal(child, number):
    child.kill(number)
    child.expect_exact(LEFT)
    child.expect(pexpect.EOF)
    assert flags(child) == (True, True)


def test_restored_after_several_signals(child):
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        child.kill(number)
    child.expect_exact(LEFT)
    child.expect(pexpect.EOF)
    assert flags(child) == (True, True)


def test_control_c(child):
    child.sendintr()
    child.expect_exact(LEFT)
    child.expect_exact("KeyboardInterrupt")


PASTED = [
    *("submit", "s\n", "s", "sss", "", "harness submit\nq\nq\n", "s" * 10_000),
    *("\x1b[A", "s\x1b[200~s", "日本語s"),
]


@pytest.mark.parametrize("text", PASTED)
@pytest.mark.parametrize("child", ["xterm", "linux"], indirect=True)
def test_a_marked_paste_is_no_key(child, text):
    child.send(f"\x1b[200~{text}\x1b[201~k")
    child.expect(r"<([^<>]+)>")
    assert child.match[1] == "k"


@pytest.mark.parametrize("typed", ["submit", "\x1b[1;5A", "\x1b[As", "\x1bs", "s\n"])
@pytest.mark.parametrize("child", ["linux", "vt100", "screen"], indirect=True)
def test_without_marks_what_arrives_together_is_no_key(child, typed):
    child.send(typed)
    time.sleep(0.1)
    child.send("k")
    child.expect(r"<([^<>]+)>")
    assert child.match[1] == "k"


def test_keys_that_arrive_together_are_kept_in_order(child):
    child.send("lh\x1b[Bst")
    for key in ("l", "h", "down", "s", "t"):
        child.expect(r"<([^<>]+)>")
        assert child.match[1] == key


def test_what_was_typed_before_is_no_key(tmp_path):
    program = tmp_path / "program.py"
    program.write_text("import time\nprint('<soon>', flush=True)\ntime.sleep(0.5)\n" + PROGRAM)
    process = pexpect.spawn(sys.executable, [str(program)], encoding="utf-8", timeout=10)
    process.expect_exact("<soon>")
    process.send("submit\n")
    process.expect("<ready")
    process.send("k")
    process.expect(r"<([^<>]+)>")
    assert process.match[1] == "k"
    process.close(force=True)


@given(
    parts=st.lists(
        st.one_of(
            st.sampled_from(["l", "h", "s", "\x1b[A", "\x1bOB", "\x0c"]),
            st.text("abs\n\x1b[20~;", max_size=9).map(lambda text: f"\x1b[200~{text}\x1b[201~"),
        ),
        max_size=8,
    ),
    data=st.data(),
)
def test_keys_and_pastes_may_arrive_in_any_pieces(parts, data):
    parts = [part for part in parts if part.count("\x1b[201~") < 2]
    keyboard = Keyboard(marks_pastes=True)
    left, keys = "".join(parts), []
    while left:
        size = data.draw(st.integers(1, len(left)))
        keys += keyboard.read(left[:size])
        left = left[size:]
    typed = ["" if len(part) > 4 else part for part in parts]
    names = {"\x1b[A": "up", "\x1bOB": "down", "\x0c": "redraw"}
    wanted = [names.get(part, part) for part in typed]

    def in_short(keys):
        return [key for key, _ in groupby(keys) if key]

    assert in_short(keys) == in_short(filter(None, wanted))
    assert keyboard.read_rest() == []


@pytest.mark.parametrize(
    ("environ", "known"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "tmux-256color", "TMUX": "x"}, True),
        ({"TERM": "screen", "TMUX": "x"}, True),
        ({"TERM": "screen", "STY": "x"}, False),
        ({"TERM": "screen", "STY": "x", "TMUX": "x"}, False),
        ({"TERM": "linux"}, False),
        ({}, False),
    ],
)
def test_terminals_that_mark_a_paste_are_known_by_name(environ, known):
    assert marks_pastes(environ) is known


def test_a_key_held_down_is_one_key(child):
    child.send("tttt")
    child.expect_exact("<t>")


def test_suspended_and_continued(tmp_path):
    """Under a shell with job control, as a person has it."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    environ = {**os.environ, "PS1": "prompt> "}
    shell = pexpect.spawn(
        "bash", ["--norc", "--noprofile", "-i"], encoding="utf-8", timeout=10, env=environ
    )
    shell.expect_exact("prompt> ")
    shell.sendline(f"{sys.executable} {program}")
    shell.expect("<ready")
    shell.send("\x1a")
    shell.expect_exact(LEFT)
    shell.expect_exact("prompt> ")
    shell.sendline("stty -a | grep -o ' -echo '; echo 'checked'")
    shell.expect_exact("checked'")
    shell.expect_exact("checked")
    assert " -echo " not in shell.before
    shell.sendline("fg")
    shell.expect_exact("\x1b[?2004h\x1b[?25l\r\n<bar>")
    assert flags(shell) == (False, False)
    shell.send("k")
    shell.expect_exact("<k>")
    shell.send("q")
    shell.expect_exact("<end>")
    shell.close(force=True)


def test_the_terminal_goes_away(child):
    child.ptyproc.fileobj.close()
    child.closed = child.ptyproc.closed = True
    deadline = time.monotonic() + 10
    while child.ptyproc.isalive():
        assert time.monotonic() < deadline, "it stayed behind"
        time.sleep(0.02)


class Emulator(Terminal):
    """A terminal that renders what is written."""

    def __init__(self, columns=40, rows=10):
        super().__init__()
        self.screen = pyte.HistoryScreen(columns, rows, history=1000)
        self.screen.set_mode(pyte.modes.LNM)
        self._stream = pyte.Stream(self.screen)

    @property
    def columns(self):
        return self.screen.columns

    @property
    def rows(self):
        return self.screen.lines

    def write(self, text):
        self._stream.feed(text)

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def scrolled(self):
        return [
            "".join(row[column].data for column in range(self.columns)).rstrip()
            for row in self.screen.history.top
        ]


def test_the_bar_stays_below_the_output():
    emulator = Emulator()
    emulator.show_bar(["rail", "keys"])
    emulator.print("one\ntwo")
    emulator.print("three")
    assert emulator.lines()[:6] == ["one", "two", "three", "", "rail", "keys"]


def test_nothing_is_lost_when_the_screen_scrolls():
    emulator = Emulator()
    emulator.show_bar(["rail", "keys"])
    for number in range(30):
        emulator.print(f"line {number}")
    whole = emulator.scrolled() + emulator.lines()
    assert [line for line in whole if line.startswith("line")] == [f"line {n}" for n in range(30)]
    assert emulator.lines()[-3:] == ["", "rail", "keys"]
    assert "rail" not in emulator.scrolled()


def test_a_changed_bar_replaces_the_old_one():
    emulator = Emulator()
    emulator.print("one")
    emulator.show_bar(["rail", "a very long line of keys"])
    emulator.show_bar(["rail", "short"])
    assert emulator.lines()[:4] == ["one", "", "rail", "short"]


def test_an_unchanged_bar_is_not_written_again():
    emulator = Emulator()
    emulator.show_bar(["rail", "keys"])
    written = []
    emulator.write = written.append
    emulator.show_bar(["rail", "keys"])
    assert written == []


def test_wipes_all_rows_of_a_bar_that_a_narrower_terminal_wrapped():
    emulator = Emulator()
    emulator.print("one")
    emulator.show_bar(["r" * 39, "k" * 39])
    # What a terminal that reflows shows at 20 columns, cursor at the end of the last row.
    narrow = Emulator(20, 12)
    narrow.write("one\n\n" + "r" * 39 + "\n" + "k" * 39)
    emulator.screen = narrow.screen
    emulator._stream = narrow._stream
    emulator.print("two")
    bar = ["r" * 20, "r" * 19, "k" * 20, "k" * 19]
    assert [line for line in emulator.lines() if line] == ["one", "two", *bar]


def lines_of(columns):
    return [f"line {number} " + "x" * 50 for number in range(1, 31)]


class TestPages:
    @pytest.fixture
    def emulator(self):
        emulator = Emulator(60, 12)
        emulator.show_bar(["facts", "keys"])
        return emulator

    def numbers(self, emulator):
        return [int(line.split()[1]) for line in emulator.lines() if line.startswith("line ")]

    def test_the_top_is_seen_first_and_the_bar_stays(self, emulator):
        assert emulator.open_page(Pager(lines_of))
        assert self.numbers(emulator) == list(range(1, 10))
        assert emulator.lines()[-3:] == [" lines 1-9 of 30", "facts", "keys"]
        emulator.show_bar(["new facts", "keys"])
        assert emulator.lines()[-2:] == ["new facts", "keys"]
        assert self.numbers(emulator) == list(range(1, 10))

    @pytest.mark.parametrize(
        ("keys", "first"),
        [
            ([" "], 9),
            (["page down", "page up"], 1),
            (["G"], 22),
            (["end", "home"], 1),
            (["j", "down", "enter", "k"], 3),
            (["up", "b"], 1),
            ([" "] * 9, 22),
            (["x", "s", "redraw"], 1),
        ],
    )
    def test_keys_move_it(self, emulator, keys, first):
        emulator.open_page(Pager(lines_of))
        for key in keys:
            assert emulator.turn_page(key)
        assert self.numbers(emulator)[0] == first

    @pytest.mark.parametrize("key", ["q", "c", "escape"])
    def test_what_is_printed_meanwhile_comes_when_it_is_closed(self, emulator, key):
        emulator.open_page(Pager(lines_of))
        emulator.print("one")
        emulator.print("two")
        assert "one" not in emulator.lines()
        assert not emulator.turn_page(key)
        assert [line for line in emulator.lines() if line][-4:] == ["one", "two", "facts", "keys"]

    def test_what_fits_is_printed(self, emulator):
        assert not emulator.open_page(Pager(lambda columns: ["short"]))
        assert emulator.lines()[:5] == ["", "short", "", "facts", "keys"]
        assert not emulator.turn_page(" ")

    def test_it_follows_the_width(self, emulator):
        emulator.open_page(Pager(lines_of))
        emulator.screen.resize(12, 30)
        emulator.show_bar(["facts", "keys"])
        assert self.numbers(emulator)[:3] == [1, 2, 3]
        assert emulator.lines()[1] == "x" * 27

    def test_redrawing(self, emulator):
        emulator.print("last words")
        emulator.write("garbage")
        emulator.redraw()
        assert emulator.lines()[:4] == ["last words", "", "facts", "keys"]


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("abcdef", ["abcd", "ef"]),
        ("\x1b[1mabcdef\x1b[0m", ["\x1b[1mabcd", "ef\x1b[0m"]),
        ("日本語", ["日本", "語"]),
        ("", [""]),
    ],
)
def test_lines_are_folded_by_columns(line, pieces):
    assert folded(line, 4) == pieces


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("\x1b", "escape"),
        ("\x0c", "redraw"),
        ("\x1b[A", "up"),
        ("\x1bOB", "down"),
        ("\x1b[6~", "page down"),
    ],
)
def test_keys_with_names(child, sent, name):
    child.send(sent)
    child.expect_exact(f"<{name}>")
