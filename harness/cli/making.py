"""``harness author new``, ``preview``, ``mistake`` and ``rules``."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import click

from harness.authoring.adding import add_mistake, require_new_name
from harness.authoring.checks.rules import RuleBook
from harness.authoring.citing import Outdated, outdated, update
from harness.authoring.citing import fill as write_out
from harness.authoring.mistakes import MISTAKES_NAME
from harness.authoring.preview import preview
from harness.authoring.scaffold import scaffold
from harness.authoring.subject import Subject
from harness.authoring.suites import cases_of
from harness.cli.authoring import examiner_of, find_problem, level_of
from harness.cli.invocation import Invocation, command, in_terminal
from harness.cli.output import say, say_next, show, write_json
from harness.errors import ExitCode, RequestError
from harness.model.problem import Problem, Snapshot
from harness.reports.terminal.authoring import render_preview
from harness.words import count_text, quoted


@command("new", "harness author new bounded_queue --levels 3")
@click.argument("slug")
@click.option(
    "--levels",
    type=click.IntRange(1, 6),
    default=4,
    show_default=True,
    help="How many levels to write.",
)
@click.option(
    "--dir",
    "pack",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Write into this pack; it is created if needed.  [default: the current folder]",
)
def new_command(invocation: Invocation, slug: str, levels: int, pack: Path) -> ExitCode:
    """Write a new problem: a small complete example that passes every check.

    Its files are written to problems/SLUG and solutions_template/SLUG. Replace them part by
    part, and run the checks after each part.
    """
    if slug in invocation.session.catalog.slugs():
        raise RequestError(f"There is a problem '{slug}' already.", "harness list")
    files = scaffold(slug, levels, pack)
    root = pack / "problems" / slug
    if invocation.as_json:
        write_json({"problem": slug, "folder": root, "files": files})
        return ExitCode.OK
    say(invocation, f"Wrote a problem of {count_text(levels, 'level')} to {root}")
    say_next(
        invocation,
        f"harness author check {quoted(root)}",
        f"harness author preview {quoted(root)}",
        f"export HARNESS_PACKS={quoted(pack.resolve())}  # harness list finds it then",
    )
    return ExitCode.OK


@command("preview", "harness author preview kv_store --level 2")
@click.argument("slug", metavar="[SLUG|PATH]", required=False)
@click.option("--level", type=int, help="Show only this level.  [default: all]")
def preview_command(invocation: Invocation, slug: str | None, level: int | None) -> ExitCode:
    """Show each level as a candidate gets it.

    That is the statement, the files that come into the workspace, the visible cases, the hints,
    and what can be won.
    """
    found = find_problem(invocation, slug, "harness author preview")
    last = level_of(found, level, f"harness author preview {quoted(slug or found.root)}")
    view = preview(found, range(1, last + 1) if level is None else (last,))
    if invocation.as_json:
        write_json(view)
    else:
        show(invocation, render_preview(view))
    return ExitCode.OK


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
    command = f"harness author mistake {quoted(slug)} {quoted(name)}"
    level = level_of(problem, level, command)
    with examiner_of(invocation, 1) as examiner:
        subject = Subject(problem, examiner)
        require_new_name(subject, name)
        why = why or _ask(f"{command} --level {level}")
        module = f"{problem.manifest.module}.py"
        reference = subject.references[level]
        path = edited or _edit(reference.files[module], module)
        solution = Snapshot(files={**reference.files, module: path.read_bytes()})
        if solution == reference:
            raise RequestError("Nothing was changed.", f"{command} --level {level}")
        try:
            edit, cases = add_mistake(subject, name, level, why, solution, case)
        except RequestError as error:
            again = f"{command} --level {level}"
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
            "export EDITOR=nano  # or another editor",
        )
    return path


@command("rules", "harness author rules kv_store --level 2")
@click.argument("slug", metavar="[SLUG|PATH]", required=False)
@click.option("--level", type=int, help="Only the rules of this level.")
@click.option("--fill", is_flag=True, help="Write out citations by number, as in 'Rule: 2.17'.")
@click.option("--update", is_flag=True, help="Bring citations of changed sentences up to date.")
def rules_command(
    invocation: Invocation, slug: str | None, level: int | None, fill: bool, update: bool
) -> ExitCode:
    """List the rules of a problem: the sentences of its statements that cases cite.

    Each has a number, level and place in it, and the number of hidden cases that cite it.
    With --update, show the title of each case that quotes a changed sentence, the old and the new
    sentence, and ask before each change.
    """
    problem = find_problem(invocation, slug, "harness author rules")
    if fill and update:
        raise RequestError("--fill and --update exclude each other.", "harness author rules --help")
    if fill:
        count = write_out(problem)
        say(invocation, f"{count_text(count, 'citation')} written out.")
    elif update:
        _update_citations(invocation, problem)
    else:
        _list_rules(invocation, problem, level)
    return ExitCode.OK


def _list_rules(invocation: Invocation, problem: Problem, only: int | None) -> None:
    book = RuleBook.of(problem)
    citing = book.citing(cases_of(problem))
    rows = [
        {
            "number": number,
            "level": rule.level,
            "line": rule.line,
            "kind": rule.kind.value,
            "heading": rule.heading,
            "text": rule.text,
            "cases": len(citing.get(rule, ())),
        }
        for number, rule in book.numbered().items()
        if only is None or rule.level == only
    ]
    if invocation.as_json:
        write_json({"slug": problem.slug, "rules": rows})
        return
    heading = None
    for row in rows:
        if (row["level"], row["heading"]) != heading:
            heading = (row["level"], row["heading"])
            say(invocation, f"\nLevel {row['level']} · {row['heading']}")
        cited = row["kind"] == "rule" or row["cases"]
        count = count_text(int(row["cases"]), "case") if cited else row["kind"]
        label = f"  {row['number']:>5}  {count:>9}  "
        say(invocation, _wrapped(label, str(row["text"])))


def _update_citations(invocation: Invocation, problem: Problem) -> None:
    changes = outdated(problem)
    if not changes:
        say(invocation, "Every citation is a sentence of a statement, or has none like it.")
        return
    if not in_terminal():
        citations = count_text(len(changes), "citation")
        raise RequestError(
            f"{citations} may change, and there is no terminal to ask in.",
            f"harness author check {quoted(problem.root)} --only rules  # shows them",
        )
    agreed: list[Outdated] = []
    for change in changes:
        case = change.case
        say(invocation, f"\n{case.name}: {case.title}")
        for label, text in (("before", change.citation.text), ("now", change.now.text)):
            say(invocation, _wrapped(f"  {label:<8}", text))
        if click.confirm("Does the case still test this?", err=True):
            agreed.append(change)
    update(problem, agreed)
    say(invocation, f"\n{len(agreed)} of {count_text(len(changes), 'citation')} changed.")


def _wrapped(label: str, text: str) -> str:
    return textwrap.fill(
        text,
        width=80,
        initial_indent=label,
        subsequent_indent=" " * len(label),
        break_long_words=False,
        break_on_hyphens=False,
    )
