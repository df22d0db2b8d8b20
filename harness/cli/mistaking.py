"""``harness author mistake`` and ``upgrade``: writing known mistakes as edits."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from harness.authoring.adding import add_mistake, require_new_name
from harness.authoring.mistakes import MISTAKES_NAME
from harness.authoring.subject import Subject
from harness.authoring.upgrade import upgrade
from harness.cli.authoring import examiner_of
from harness.cli.invocation import Invocation, command
from harness.cli.naming import find_problem, level_of
from harness.cli.output import say, say_next, write_json
from harness.errors import ExitCode, RequestError
from harness.model.problem import Snapshot
from harness.words import count_text, quoted


@command("mistake", "harness author mistake kv_store drops_the_last_key --level 2")
@click.argument("slug", metavar="SLUG|PATH")
@click.argument("name")
@click.option("--level", type=int, help="Edit the reference of this level.  [default: the last]")
@click.option("--why", default="", help="What the mistake is, in a sentence.  [default: ask]")
@click.option("--case", default="", help="Name the hidden case that was written for it.")
@click.option(
    "--from",
    "edited",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take this edited copy instead of opening an editor.",
)
def mistake_command(
    invocation: Invocation,
    slug: str,
    name: str,
    level: int | None,
    why: str,
    case: str,
    edited: Path | None,
) -> ExitCode:
    """Add a known mistake: edit a copy of a reference.

    Opens the copy in $VISUAL or $EDITOR. Afterwards the edits are found, the result is judged,
    and a row is added to mistakes.toml: the hidden suite of its level must fail it, and those of
    the levels below must pass.
    """
    problem = find_problem(invocation, slug, "harness author mistake")
    level = level_of(problem, level, f"harness author mistake {slug} {name}")
    with examiner_of(invocation, 1) as examiner:
        subject = Subject(problem, examiner)
        require_new_name(subject, name)
        why = why or _ask(f"harness author mistake {slug} {name} --level {level}")
        module = f"{problem.manifest.module}.py"
        reference = subject.references[level]
        path = edited or _edit(reference.files[module], module)
        solution = Snapshot(files={**reference.files, module: path.read_bytes()})
        if solution == reference:
            raise RequestError(
                "Nothing was changed.", f"harness author mistake {slug} {name} --level {level}"
            )
        try:
            edit, cases = add_mistake(subject, name, level, why, solution, case)
        except RequestError as error:
            again = f"harness author mistake {quoted(slug)} {name} --level {level}"
            raise RequestError(
                f"{error.message}\nThe edited copy is kept: {path}\n{error.hint}",
                f"{again} --from {quoted(path)}",
            ) from None
    file = problem.root / MISTAKES_NAME
    if invocation.as_json:
        write_json(
            {"problem": problem.slug, "name": name, "level": level, "file": file}
            | {"cases": cases, "edits": len(edit.replacements)}
        )
    else:
        edits = count_text(len(edit.replacements), "edit")
        say(invocation, f"Added {name} with {edits} to {file}. These cases fail it:")
        for each in cases:
            say(invocation, f"  {each}")
    return ExitCode.OK


def _ask(command: str) -> str:
    """Ask what the mistake is. Raises RequestError when standard input is not a terminal."""
    if not sys.stdin.isatty():
        raise RequestError(
            "A mistake needs a sentence that says what it is.", f"{command} --why '…'"
        )
    answer: str = click.prompt("What is the mistake, in a sentence")
    return answer


def _edit(content: bytes, name: str) -> Path:
    """Let the author edit a copy, and return where it lies. Raises RequestError."""
    path = Path(tempfile.mkdtemp(prefix="harness-mistake-")) / name
    path.write_bytes(content)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        done = subprocess.run([*shlex.split(editor), str(path)], check=False)
    except (OSError, ValueError) as error:
        raise RequestError(
            f"Cannot start the editor '{editor}': {error}.", "export EDITOR=nano"
        ) from None
    if done.returncode:
        raise RequestError(
            f"The editor '{editor}' ended with {done.returncode}. The copy is kept: {path}",
            "export EDITOR=nano  (or another editor)",
        )
    return path


@command("upgrade", "harness author upgrade problems/bounded_queue")
@click.argument("slug", metavar="[SLUG|PATH]", required=False)
def upgrade_command(invocation: Invocation, slug: str | None) -> ExitCode:
    """Turn wrong/ and waivers.toml of harness 0.1 into mistakes.toml.

    The new file is written first. The old ones are removed only when every known-wrong solution
    comes out of it byte for byte.
    """
    problem = find_problem(invocation, slug, "harness author upgrade")
    done = upgrade(problem)
    if invocation.as_json:
        write_json(done)
        return ExitCode.OK
    counts = [
        count_text(done.mistakes, "mistake"),
        count_text(done.equivalents, "equivalent mutant"),
        count_text(done.kept, "kept case"),
    ]
    say(invocation, f"Wrote {done.path}: {', '.join(counts)}.")
    if done.unmatched:
        waivers = count_text(done.unmatched, "waiver")
        say(invocation, f"{waivers} matched no mutant; see the comments at the end of the file.")
    say_next(invocation, f"harness author check {quoted(problem.root)}")
    return ExitCode.OK
