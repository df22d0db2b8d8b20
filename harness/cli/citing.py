"""``harness author rules``: the sentences that cases cite, and help with citing them."""

from __future__ import annotations

import textwrap

import click

from harness.authoring.citing import Match, Outdated, RuleBook, outdated, update
from harness.authoring.citing import fill as write_out
from harness.authoring.suites import suites_of
from harness.cli.authoring import find_problem
from harness.cli.invocation import Invocation, command, in_terminal
from harness.cli.output import say, write_json
from harness.errors import ExitCode, RequestError
from harness.model.judgement import Suite
from harness.model.problem import Problem
from harness.model.rules import Rule


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
        say(invocation, f"{count} {'citation' if count == 1 else 'citations'} written out.")
    elif update:
        _update(invocation, problem)
    else:
        _list(invocation, problem, level)
    return ExitCode.OK


def _list(invocation: Invocation, problem: Problem, only: int | None) -> None:
    book = RuleBook.of(problem)
    counts: dict[Rule, int] = {}
    for source in suites_of(problem):
        for case in source.cases if source.suite is Suite.HIDDEN else ():
            for citation in case.citations:
                match, found = book.look_up(citation, source.level)
                for rule in found if match is Match.FOUND else ():
                    counts[rule] = counts.get(rule, 0) + 1
    rows = [
        {
            "number": number,
            "level": rule.level,
            "line": rule.line,
            "kind": rule.kind.value,
            "heading": rule.heading,
            "text": rule.text,
            "cases": counts.get(rule, 0),
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
        cases = "1 case" if row["cases"] == 1 else f"{row['cases']} cases"
        count = cases if row["kind"] == "rule" or row["cases"] else row["kind"]
        label = f"  {row['number']:>5}  {count:>9}  "
        say(invocation, _wrapped(label, str(row["text"])))


def _update(invocation: Invocation, problem: Problem) -> None:
    changes = outdated(problem)
    if not changes:
        say(invocation, "Every citation is a sentence of a statement, or has none like it.")
        return
    if not in_terminal():
        raise RequestError(
            f"{len(changes)} citations may change, and there is no terminal to ask in.",
            f"harness author check {problem.slug} --only rules  (shows them)",
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
    count = len(agreed)
    say(invocation, f"\n{count} of {len(changes)} citations changed.")


def _wrapped(label: str, text: str) -> str:
    return textwrap.fill(
        text,
        width=80,
        initial_indent=label,
        subsequent_indent=" " * len(label),
        break_long_words=False,
        break_on_hyphens=False,
    )
