"""Whatever harness prints as a command can be copied, with any path in it.

``conftest.py`` checks the commands of every error that any test raises; here are the rule for the
source code, and paths with hostile names in a real shell.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.cli.commands import AUTHOR_SECTIONS, SECTIONS
from harness.words import quoted
from tests.printing import fault_of, parts_of

PACKAGE = Path(__file__).parents[1] / "harness"
COMMANDS = "|".join(name for _, rows in (*SECTIONS, *AUTHOR_SECTIONS) for name, _, _ in rows)
BEGINS = re.compile(
    rf"(\x00\d+\x00)?(harness (-|{COMMANDS})|cd |ls |df |rm |mv |cp |mkdir |chmod |export |python |"
    r"pip |sudo |unset |[A-Z_]+=|ulimit )"
)
"""What a text begins with that is a command. A placeholder is its number between two NULs."""

QUOTING = {"quoted", "short_path", "put_aside", "typed_text"}
"""Functions whose result is quoted."""
SAFE = {
    "state.id", "report.state.id", "newest.id", "past[0][0].id", "attempt",  # letters and digits
    "level", "last", "failures(lower)[0].level", "WANTED_LIMIT",  # numbers
    "slug", "name", "near", "good[0]", "ahead[0]",  # match SLUG
    "version", "least", "stated", "least_next(entries[-1], now)",  # match three numbers
    "near if re.fullmatch(SLUG, near) else 'my_problem'", "' '.join(variables)", "expected",
    "command", "again", "named", "way", "remedy", "BUILD", "task", "original", "copy",
    "folder_name", "self._way", "hint", "check", "example", "folder",  # made by one of these rules
}  # fmt: skip
"""Expressions that need no quotes, because of what they can be."""

NAMES = [
    "plain", "two words", "it's", 'say "hi"', "$HOME", "`id`", "a;b", "a&b", "~", "~root", "-rf",
    "--help", "#c", "a*?[b]", "{a,b}", "(x)", "<x>", "!x", "\\", "a\\nb", "tab\there",
    "new\nline", "\x1b[31mred", "ünï 字 🙂", "\u202efdp", "a\u00a0b", "caf\udce9",
]  # fmt: skip


def commands_in(node: ast.JoinedStr) -> Iterator[tuple[str, list[ast.expr]]]:
    """Yield each command in an f-string, and the expressions in it."""
    values, text = [], ""
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            text += f"\0{len(values)}\0"
            values.append(part.value)
        elif isinstance(part, ast.Constant):
            text += part.value
    for part in [text, *re.findall(r"`([^`]*)`", text)]:
        for line in part.split("\n"):
            if BEGINS.match(line):
                typed = line.partition("  # ")[0]
                yield typed, [values[int(number)] for number in re.findall("\0(\\d+)\0", typed)]


def unquoted_places() -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                for _, values in commands_in(node):
                    for value in values:
                        called = value.func if isinstance(value, ast.Call) else None
                        is_quoted = isinstance(called, ast.Name) and called.id in QUOTING
                        if not is_quoted and ast.unparse(value) not in SAFE:
                            place = path.relative_to(PACKAGE)
                            yield f"{place}:{value.lineno} {ast.unparse(value)}"


def test_every_value_in_a_printed_command_is_quoted() -> None:
    assert list(unquoted_places()) == []


def test_the_rule_sees_an_unquoted_path() -> None:
    source = "f'cd {path} && harness status'", "f'Type `harness --home {home} status`.'"
    for text in source:
        (node,) = (each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.JoinedStr))
        ((_, (value,)),) = commands_in(node)
        assert ast.unparse(value) in ("path", "home")


def test_nobody_quotes_by_other_means() -> None:
    users = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"shlex\.(quote|join)", path.read_text("utf-8"))
    ]
    assert users == ["words.py"]


@pytest.mark.parametrize("name", NAMES)
def test_the_shell_reads_back_what_was_quoted(tmp_path, name) -> None:
    for path in (Path(name), tmp_path / name):
        done = subprocess.run(
            ["bash", "-c", f"printf %s {quoted(path)}"], capture_output=True, cwd=tmp_path
        )
        expected = os.fsencode(path)
        assert done.stdout in (expected, b"./" + expected)
        assert quoted(path).isprintable() or "\u00a0" in name


@pytest.mark.parametrize("name", [name for name in NAMES if name.isprintable()])
def test_shlex_reads_it_too(name) -> None:
    assert shlex.split(quoted(Path("/x") / name)) == [f"/x/{name}"]


@pytest.mark.parametrize(
    ("hint", "fault"),
    [
        ("harness status", ""),
        ("harness status  # shows the clock", ""),
        ("cd '/a b' && harness status", ""),
        ("HARNESS_PACKS='/a b' harness author check x --only rules", ""),
        ("Save it as UTF-8 in your editor.", ""),
        ("harness sttus", "no such command"),
        ("harness status --loud", "No such option"),
        ("harness status  (shows the clock)", "syntax"),
        ("cd it's && harness status", "unexpected EOF"),
        ("harness list, then: harness start x", "no such command"),
        ("`harness submitt` does it.", "no such command"),
    ],
)
def test_what_is_wrong_with_a_printed_command(hint, fault) -> None:
    found = fault_of(hint)
    assert fault in found if fault else not found


@pytest.mark.parametrize("name", NAMES)
def test_the_next_commands_of_an_author_work(tmp_path, name) -> None:
    """The commands that `author new` and an error print, typed in a shell as they are."""
    if "\0" in name:
        return
    folder = tmp_path / "in"
    folder.mkdir()
    environ = {**os.environ, "HARNESS_HOME": str(tmp_path / "home")}
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    script = bin_folder / "harness"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m harness "$@"\n')
    script.chmod(0o755)
    environ["PATH"] = f"{bin_folder}:{environ['PATH']}"

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=folder, env=environ, capture_output=True, text=True, errors="replace"
        )

    made = run("harness", "author", "new", "one", "--levels", "1", f"--dir={name}")
    assert made.returncode == 0, made.stderr
    check, preview, export = parts_of(made.stdout.partition("Next: ")[2])
    assert run("bash", "-c", f"{check} --only files").returncode == 0
    assert "Level 1" in run("bash", "-c", preview).stdout
    started = run("bash", "-c", f"{export}; harness start one --dir work --no-watch")
    assert started.returncode == 0, started.stderr
