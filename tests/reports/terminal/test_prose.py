from __future__ import annotations

import subprocess
import sys

import pytest

from harness.reports.terminal.page import render_statement

STATEMENT = """\
# Level 1: Set and get

A store keeps `text` values.

## Operations

### `get(self, key: str) -> str | None`

- If there is **no** such key, returns `None`.

```python
>>> store.get("a")
'b'
```
"""


def test_a_terminal_shows_calm_markdown(draw):
    text = draw(render_statement(STATEMENT), terminal=True)
    lines = text.split("\n")
    assert lines[0] == "\x1b[1;4mLevel 1: Set and get\x1b[0m"
    assert "\x1b[36mtext\x1b[0m" in text
    assert '    >>> store.get("a")' in lines
    assert "    \x1b[2m'b'\x1b[0m" in lines
    assert "│" not in text
    assert "━" not in text


def test_a_pipe_gets_the_source(draw):
    assert draw(render_statement(STATEMENT)) == STATEMENT


def test_a_terminal_folds_paragraphs_as_a_whole(draw):
    words = [f"word{n}" for n in range(60)]
    text = draw(render_statement("\n".join(words)), terminal=True)
    assert text.split() == words
    assert max(len(line) for line in text.split("\n")) <= 80
    assert len(text.split("\n")) < 10


LONG = ">>> " + "store.get('a') " * 8 + "# end"


@pytest.mark.parametrize("fence", ["```python\n{}\n```", "- An item\n\n  ```\n  {}\n  ```"])
@pytest.mark.parametrize("terminal", [True, False])
def test_examples_are_never_folded_or_cropped(draw, fence, terminal):
    assert LONG in draw(render_statement(fence.format(LONG)), terminal=terminal)


def test_lists(draw):
    words = " ".join(["word"] * 30)
    text = draw(render_statement(f"1. {words}\n2. two\n\n- {words}\n"), terminal=True)
    lines = text.rstrip("\n").split("\n")
    assert [line[:5] for line in lines if line] == [" 1 wo", "   wo", " 2 tw", " • wo", "   wo"]


def test_a_pipe_gets_lines_of_any_length(draw):
    source = f"### `{'name, ' * 40}`\n\n- {'word ' * 40}end\n"
    assert draw(render_statement(source)) == source


def test_a_statement_cannot_control_the_terminal(draw):
    for terminal in (False, True):
        text = draw(render_statement("a \x1b]0;owned\x07 [red]b[/red]"), terminal=terminal)
        assert r"\x1b]0;owned\x07 [red]b[/red]" in text


def test_links_are_no_terminal_links(draw):
    text = draw(render_statement("[here](https://example.org)"), terminal=True)
    assert "\x1b]8" not in text
    assert "https://example.org" in text


def test_importing_reports_does_not_import_rich():
    code = "import sys, harness.reports; print([m for m in sys.modules if m.startswith('rich')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
