"""Makes docs/picture.svg from the real output of a real rehearsal: python docs/picture.py"""

from __future__ import annotations

import os
import sys
import tempfile
from io import StringIO
from pathlib import Path

import pexpect
import pyte
from rich.console import Console
from rich.style import Style
from rich.text import Text

from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.catalog.catalog import load_problem_at

HERE = Path(__file__).parent
PROBLEM = HERE.parent / "problems" / "kv_store"
COLUMNS, ROWS = 84, 60
COLOURS = {"brown": "yellow", "brightblack": "bright_black"}
"""Where the terminal emulator's names of colours are not rich's."""


def typed(command: str, workspace: Path, environment: dict[str, str]) -> Text:
    """Run one command in a terminal and return what a person sees when it has ended."""
    harness = f"{sys.executable} -m harness"
    child = pexpect.spawn(
        f"{harness} {command}",
        cwd=str(workspace),
        env=environment,
        dimensions=(ROWS, COLUMNS),
        encoding="utf-8",
        timeout=60,
    )
    child.expect(pexpect.EOF)
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.Stream(screen).feed(child.before or "")
    lines = [line_of(screen, row) for row in range(ROWS)]
    while lines and not lines[-1].plain.strip():
        lines.pop()
    return Text("\n").join([Text.assemble(("$ ", "bold green"), f"harness {command}"), *lines])


def line_of(screen: pyte.Screen, row: int) -> Text:
    """Return one line of the emulated terminal with its colours."""
    line = Text()
    for column in range(COLUMNS):
        cell = screen.buffer[row][column]
        colour = cell.fg if len(cell.fg) != 6 or not cell.fg.isalnum() else f"#{cell.fg}"
        known = "default" if cell.fg == "default" else COLOURS.get(cell.fg, colour)
        line.append(cell.data, Style(color=known, bold=cell.bold, italic=cell.italics))
    line.rstrip()
    return line


def rehearsal(scratch: Path) -> Text:
    """Submit a mistake at level 2, then the right thing, and look at the status."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(scratch),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "HARNESS_HOME": str(scratch / "home"),
    }
    workspace = scratch / "kv_store"
    typed(f"start kv_store --dir {workspace} --no-watch", scratch, environment)
    solution = workspace / "solution.py"
    solution.write_bytes((PROBLEM / "reference" / "level1" / "solution.py").read_bytes())
    typed("submit", workspace, environment)
    subject = Subject(load_problem_at(PROBLEM), Examiner())
    (mistake,) = (edit for edit in subject.mistakes if edit.name == "sorts_without_case")
    solution.write_bytes(subject.edited(mistake).files["solution.py"])
    shown = typed("submit", workspace, environment)
    solution.write_bytes((PROBLEM / "reference" / "level2" / "solution.py").read_bytes())
    again = typed("submit", workspace, environment)
    return Text("\n\n").join([shown, again, typed("status", workspace, environment)])


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        shown = rehearsal(Path(folder))
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    console.print(shown, end="")
    console.save_svg(str(HERE / "picture.svg"), title="harness", unique_id="harness")


if __name__ == "__main__":
    main()
