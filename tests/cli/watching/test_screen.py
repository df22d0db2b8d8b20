"""What a person sees, as a terminal emulator renders it."""

from __future__ import annotations

import pyte

from harness.cli.watching.screen import Screen


class Emulator:
    """A terminal that renders what is written."""

    def __init__(self, columns: int = 40, rows: int = 10) -> None:
        self.screen = pyte.HistoryScreen(columns, rows, history=1000)
        self.screen.set_mode(pyte.modes.LNM)
        self._stream = pyte.Stream(self.screen)

    @property
    def columns(self) -> int:
        return self.screen.columns

    def write(self, text: str) -> None:
        self._stream.feed(text)

    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    def scrolled(self) -> list[str]:
        return [
            "".join(row[column].data for column in range(self.columns)).rstrip()
            for row in self.screen.history.top
        ]


def made() -> tuple[Emulator, Screen]:
    emulator = Emulator()
    return emulator, Screen(emulator)


def test_the_bar_stays_below_the_output() -> None:
    emulator, screen = made()
    screen.show_bar(["rail", "keys"])
    screen.print("one\ntwo")
    screen.print("three")
    assert emulator.lines()[:6] == ["one", "two", "three", "", "rail", "keys"]


def test_nothing_is_lost_when_the_screen_scrolls() -> None:
    emulator, screen = made()
    screen.show_bar(["rail", "keys"])
    for number in range(30):
        screen.print(f"line {number}")
    whole = emulator.scrolled() + emulator.lines()
    assert [line for line in whole if line.startswith("line")] == [f"line {n}" for n in range(30)]
    assert emulator.lines()[-3:] == ["", "rail", "keys"]
    assert "rail" not in emulator.scrolled()


def test_a_changed_bar_replaces_the_old_one() -> None:
    emulator, screen = made()
    screen.print("one")
    screen.show_bar(["rail", "a very long line of keys"])
    screen.show_bar(["rail", "short"])
    assert emulator.lines()[:4] == ["one", "", "rail", "short"]


def test_an_unchanged_bar_is_not_written_again() -> None:
    emulator, screen = made()
    screen.show_bar(["rail", "keys"])
    written: list[str] = []
    emulator.write = written.append  # type: ignore[method-assign]
    screen.show_bar(["rail", "keys"])
    assert written == []


def test_hidden_bar_leaves_the_output_alone() -> None:
    emulator, screen = made()
    screen.print("one")
    screen.show_bar(["rail", "keys"])
    screen.hide_bar()
    assert emulator.lines()[:4] == ["one", "", "", ""]


def test_wipes_all_rows_of_a_bar_that_a_narrower_terminal_wrapped() -> None:
    emulator, screen = made()
    screen.print("one")
    screen.show_bar(["r" * 39, "k" * 39])
    # What a terminal that reflows shows at 20 columns, cursor at the end of the last row.
    narrow = Emulator(20, 12)
    narrow.write("one\n\n" + "r" * 39 + "\n" + "k" * 39)
    emulator.screen = narrow.screen
    emulator._stream = narrow._stream
    screen.print("two")
    bar = ["r" * 20, "r" * 19, "k" * 20, "k" * 19]
    assert [line for line in emulator.lines() if line] == ["one", "two", *bar]
