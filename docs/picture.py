"""Makes docs/picture.svg from the real output of a real rehearsal: python docs/picture.py"""

from __future__ import annotations

import os
import sys
import tempfile
from io import StringIO
from pathlib import Path

import pexpect
from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
PROBLEM = HERE.parent / "problems" / "kv_store"
COLUMNS = 84


def typed(command: str, workspace: Path, environment: dict[str, str]) -> str:
    """Run one command in a terminal and return what a person would have seen."""
    harness = f"{sys.executable} -m harness"
    child = pexpect.spawn(
        f"{harness} {command}",
        cwd=str(workspace),
        env=environment,
        dimensions=(60, COLUMNS),
        encoding="utf-8",
        timeout=60,
    )
    child.expect(pexpect.EOF)
    return f"\x1b[1;32m$\x1b[0m harness {command}\n{child.before}".replace("\r\n", "\n")


def rehearsal(scratch: Path) -> str:
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
    wrong = PROBLEM / "wrong" / "sorts_without_case" / "solution.py"
    solution.write_bytes(wrong.read_bytes())
    shown = typed("submit", workspace, environment)
    solution.write_bytes((PROBLEM / "reference" / "level2" / "solution.py").read_bytes())
    shown += "\n" + typed("submit", workspace, environment)
    return shown + "\n" + typed("status", workspace, environment)


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        shown = rehearsal(Path(folder))
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    console.print(Text.from_ansi(shown), end="")
    console.save_svg(str(HERE / "picture.svg"), title="harness", unique_id="harness")


if __name__ == "__main__":
    main()
