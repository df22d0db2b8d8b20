"""Checks commands that harness prints: a shell can read them, and harness knows them."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache

import click

from harness.cli.invocation import Invocation
from harness.cli.main import cli

PROGRAMS = {
    "harness", "cd", "ls", "df", "rm", "mv", "cp", "mkdir", "chmod", "export", "python", "pip",
    "sudo", "unset", "ulimit", "docker", "systemctl",
}  # fmt: skip
_ASSIGNMENT = re.compile(r"[A-Z_]+=")


def parts_of(text: str) -> list[str]:
    """Return the commands of a text, without their remarks: one on each line."""
    return [line.partition("  # ")[0].strip() for line in text.strip().split("\n")]


def commands_of(printed: str) -> Iterator[str]:
    """Yield what was printed as a hint or as a next command."""
    lines = iter(printed.split("\n"))
    for line in lines:
        if line.startswith("hint: "):
            yield line.removeprefix("hint: ")
        elif line.startswith("Next: "):
            yield line.removeprefix("Next: ")
            for following in lines:
                if not following.startswith("      "):
                    break
                yield following.strip()


@cache
def fault_of(text: str) -> str:
    """Return what is wrong with a hint, or with a command in a message; empty when nothing is."""
    for line in text.split("\n"):
        quoted = re.findall(r"`([^`\n]+)`", line)
        for command in [line, *quoted]:
            if _is_command(command):
                fault = _fault_of_command(command)
                if fault:
                    return f"{command}: {fault}"
    return ""


def _is_command(text: str) -> bool:
    words = text.split(" ")
    while words and _ASSIGNMENT.match(words[0]):
        del words[0]
    return len(words) > 1 and words[0] in PROGRAMS and "…" not in text


def _fault_of_command(text: str) -> str:
    read = subprocess.run(["bash", "-n", "-c", text], capture_output=True, text=True)
    if read.returncode:
        return read.stderr.strip()
    for words in _simple_commands(text):
        if words and words[0] == "harness":
            fault = _fault_of_words(words[1:])
            if fault:
                return fault
    return ""


def _simple_commands(text: str) -> Iterator[list[str]]:
    words: list[str] = []
    for word in shlex.split(text, comments=True):
        if word == "&&":
            yield words
            words = []
        elif words or not _ASSIGNMENT.match(word):
            words.append(word)
    yield words


def _fault_of_words(words: list[str]) -> str:
    """Parse the arguments of harness as click does, without running anything."""
    command: click.Command = cli
    context = click.Context(cli, info_name="harness", obj=Invocation(), **cli.context_settings)
    try:
        while isinstance(command, click.Group):
            _, words, _ = command.make_parser(context).parse_args(list(words))
            if not words:
                return ""
            found = command.get_command(context, words[0])
            if found is None:
                return f"no such command: {words[0]}"
            command, words = found, words[1:]
            context = click.Context(command, parent=context, info_name=command.name)
        command.make_parser(context).parse_args(list(words))
    except click.UsageError as error:
        return error.format_message()
    return ""
