"""``harness doctor``, ``sandbox`` and ``bench``: what works on this machine, and how fast."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

import click
from rich.text import Text

from harness.app.diagnosis import BackendFinding, Diagnosis, Fact, diagnose
from harness.app.probe import ActOutcome
from harness.bench import MEASURES, measure
from harness.cli.invocation import Invocation, command
from harness.cli.output import console, say, say_next, write_json
from harness.errors import ExitCode
from harness.reports.escaping import escape_untrusted
from harness.sandbox.choice import ChosenSandbox
from harness.sandbox.engine import DEFAULT_BASE, build_image

_WIDEST_NAME: Final = 24
_CELL: Final = 11
"""Columns of the table for one backend."""
_NARROWEST: Final = 60
"""A narrower terminal folds the lines by itself."""
_PLAIN, _STRONG, _QUIET = "", "bold", "dim"
_GOOD, _WARN, _BAD = "green", "yellow", "bold red"

Piece = tuple[str, str]
"""Text and its style. The text says everything that the colour says."""


@command("doctor", "harness doctor")
def doctor_command(invocation: Invocation) -> ExitCode:
    """Show what works here, as plain text to paste into a bug report.

    Tries forbidden acts in a box of each backend that works. Exits with 3 when nothing can judge
    here, or when a box can do what it must not.
    """
    diagnosis = diagnose(invocation.session, invocation.environ)
    if invocation.as_json:
        write_json(diagnosis)
    else:
        screen = console(invocation.settings.colour)
        for line in diagnosis_lines(diagnosis, max(screen.width, _NARROWEST)):
            screen.print(line, soft_wrap=True)
    return ExitCode.OK if diagnosis.can_judge else ExitCode.INTERNAL


def diagnosis_lines(diagnosis: Diagnosis, width: int) -> Iterator[Text]:
    """Yield the lines of the report, at most ``width`` columns wide where words allow it."""
    yield from _section("Versions", diagnosis.versions, width)
    yield from _section("Settings", diagnosis.settings, width)
    yield from _section("Attempts", diagnosis.record, width)
    yield from _section("Packs", diagnosis.packs, width)
    yield from _section("Plugins", diagnosis.plugins, width)
    yield from _sandboxes(diagnosis.backends, width)
    tried = [each for each in diagnosis.backends if each.trial.works]
    if tried:
        yield from _table(diagnosis.acts, tried, width)
    yield _line((f"Judged last: {diagnosis.last_judged or 'nothing yet'}", _PLAIN))
    yield _line()
    yield from _conclusion(diagnosis, width)


def _section(title: str, findings: Sequence[Fact], width: int) -> Iterator[Text]:
    yield _line((title, _STRONG))
    names = min(max((len(each.name) for each in findings), default=0), _WIDEST_NAME)
    for each in findings:
        yield from _entry("" if each.ok else "!", each.name, names, each.value, width)
    if not findings:
        yield _line(("   none", _PLAIN))
    yield _line()


def _sandboxes(backends: Sequence[BackendFinding], width: int) -> Iterator[Text]:
    yield _line(("Sandboxes", _STRONG))
    names = max(len(each.name) for each in backends)
    for each in backends:
        mark = "" if each.trial.works and not each.trial.leaks else "!" if each.matters else "-"
        yield from _entry(mark, each.name, names, _standing(each), width)
        if each.advice:
            yield from _entry("", "", 2, each.advice, width, _WARN)
    yield _line()


def _standing(backend: BackendFinding) -> str:
    """Say whether a backend works, and how well it protects."""
    trial = backend.trial
    if not trial.works:
        return trial.problem if backend.matters else f"not needed: {trial.problem}"
    works = "judges here" if backend.judges else "works"
    worth = "" if trial.certified else ", but catches accidents only: judgements are not certified"
    return f"{works}{worth}  ({trial.interpreter})"


def _table(
    acts: Sequence[Mapping[str, Any]], tried: Sequence[BackendFinding], width: int
) -> Iterator[Text]:
    """Draw what was tried, with what each act would mean where there is room for it."""
    names = max(len(act["text"]) for act in acts) + 7
    meanings = max(len(act["meaning"]) for act in acts)
    beside = width >= names + _CELL * len(tried) + 2 + meanings
    heads = [
        (each.trial.backend, each.trial.tier if each.trial.certified else "") for each in tried
    ]
    meaning = "  which would give it" if beside else ""
    first, second = ("".join(f"{head[row]:<{_CELL}}" for head in heads) for row in (0, 1))
    yield _line((f"{'A solution in a box can …':<{names}}{first}{meaning}", _STRONG))
    if second.strip():
        yield _line((f"{'':{names}}{second}", _STRONG))
    outcomes = [{each.act: each for each in backend.trial.outcomes} for backend in tried]
    judging = next((n for n, backend in enumerate(tried) if backend.judges), 0)
    group = ""
    for act in acts:
        if act["group"] != group:
            group = act["group"]
            yield _line((f"   {group}", _QUIET))
        row = [each[act["name"]] for each in outcomes]
        gains: Piece = (f"  {act['meaning']}", _QUIET)
        cells_of_row = [_cell(each) for each in row]
        yield _line((f"{'':5}{act['text']:<{names - 5}}", _PLAIN), *cells_of_row, *[gains] * beside)
        if not beside and row[judging].answer == "allowed":
            yield _line((f"{'':7}gives it: {act['meaning']}", _QUIET))
    yield _line()


def _cell(outcome: ActOutcome) -> Piece:
    word, style = {"denied": ("denied", _GOOD), "allowed": ("allowed", _WARN)}.get(
        outcome.answer, ("-", _QUIET)
    )
    if outcome.is_leak:
        word, style = "ALLOWED", _BAD
    return f"{word:<{_CELL}}", style


def _conclusion(diagnosis: Diagnosis, width: int) -> Iterator[Text]:
    """Say what follows from all that."""
    judging = next((each for each in diagnosis.backends if each.judges), None)
    if judging is None:
        yield from _wrapped("Nothing can judge here: see Sandboxes above.", width, _BAD)
        return
    trial = judging.trial
    texts = {act["name"]: act["text"] for act in diagnosis.acts}
    allowed = [texts[each.act] for each in trial.outcomes if each.answer == "allowed"]
    if trial.leaks:
        could = ", ".join(texts[name] for name in trial.leaks)
        yield from _wrapped(
            f"Do not trust {judging.name}: a box could {could}. Please report this as "
            "docs/security.md says.",
            width,
            _BAD,
        )
    elif not trial.certified:
        yield from _wrapped(
            f"Solutions can be judged here by {judging.name}: good enough for your own code, not "
            f"for a stranger's. A box could do {len(allowed)} of the {len(texts)} acts above.",
            width,
            _WARN,
        )
    else:
        yield from _wrapped(
            f"Solutions can be judged here: {_praise(judging, texts)}", width, _GOOD
        )


def _praise(judging: BackendFinding, texts: Mapping[str, str]) -> str:
    """Say what a certified backend denied, and nothing more than that."""
    outcomes = judging.trial.outcomes
    allowed = [texts[each.act] for each in outcomes if each.answer == "allowed"]
    untried = sum(each.answer == "untried" for each in outcomes)
    denied = len(outcomes) - len(allowed) - untried
    count = "all" if denied == len(outcomes) else f"{denied} of"
    rest = f"; {untried} could not be tried" if untried else ""
    known = f", but what its tier is known to let through: {', '.join(allowed)}" if allowed else ""
    return f"{judging.name} denied {count} {len(outcomes)} acts{rest}{known}."


def _entry(
    mark: str, name: str, names: int, value: str, width: int, style: str = _PLAIN
) -> Iterator[Text]:
    """Draw one finding: a mark, the name, and the value with its lines below each other."""
    beginning = f" {mark or ' '} {name:<{names}}  "
    room = max(width - names - 5, _NARROWEST - _WIDEST_NAME)
    lines = [part for line in value.splitlines() for part in _fold(line, room)] or [""]
    color = _BAD if mark == "!" else style
    yield _line((beginning, color), (lines[0], color))
    for line in lines[1:]:
        yield _line((f"{'':{names + 5}}{line}", color))


def _wrapped(text: str, width: int, style: str) -> Iterator[Text]:
    for line in _fold(text, width):
        yield _line((line, style))


def _fold(text: str, width: int) -> list[str]:
    """Fold at spaces only: paths and commands are copied whole."""
    if len(text) <= width:
        return [text]
    return wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _line(*pieces: Piece) -> Text:
    line = Text.assemble(*((escape_untrusted(text), style) for text, style in pieces))
    line.rstrip()
    return line


@click.group("sandbox", invoke_without_command=True, epilog="\b\nExample:\n  harness sandbox build")
@click.pass_context
def sandbox_command(context: click.Context) -> None:
    """Set up the docker backend."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@command("build", "harness sandbox build --base python:3.12-slim", group=sandbox_command)
@click.option("--base", metavar="IMAGE", help="Base image (else python:3.13-slim).")
def build_command(invocation: Invocation, base: str | None) -> None:
    """Build the docker backend's image and test it.

    Solutions then run in containers of this image. Docker or Podman must be running. Build again
    after each update of harness.
    """
    image = build_image(base or DEFAULT_BASE, lambda line: click.echo(line, err=True))
    with contextlib.closing(ChosenSandbox("docker")) as chosen:
        _, protection = chosen.settle()
    if invocation.as_json:
        write_json({"image": image, "base": base or DEFAULT_BASE, "protection": protection})
    say(invocation, f"Built: {image} ({protection.interpreter}). Its boxes passed the self-test.")
    say_next(invocation, "harness --backend docker submit")


@command("bench", "harness bench --runs 9 submit watch")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option(
    "--runs", default=7, show_default=True, type=click.IntRange(1, 100), help="Pairs of runs."
)
def bench_command(invocation: Invocation, names: tuple[str, ...], runs: int) -> ExitCode:
    """Measure how fast verdicts are compared with plain pytest.

    \b
    submit  submit-bare   a cold `harness submit`
    watch   watch-bare    from a save to the verdict in `harness watch`
    call                  one call from a suite to the boxed solution
    help                  `harness --help`

    The baseline is the pytest installed here. The `-bare` measurements run it without
    third-party plugins, which slow its start.

    harness and the baseline run alternately, so that a busy machine slows both, and the median of
    their ratios is printed. Your attempts are not touched.
    """  # noqa: D301  (click reads the backspace)
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        raise click.BadParameter(f"choose from {', '.join(MEASURES)}", param_hint=unknown[0])
    rows = []
    for name in names or MEASURES:
        entry, measured = MEASURES[name], measure(name, runs)
        rows.append({"name": name, "figure": measured.figure, "target": entry.target})
        if not invocation.as_json:
            against = f" of {entry.baseline}" if entry.baseline else ""
            figure = f"{measured.figure:.2f}" if entry.unit == "×" else f"{measured.figure:.0f}"
            click.echo(
                f"{entry.title:<34} {figure:>6} {entry.unit}{against}"
                f"  (target: at most {entry.target:g} {entry.unit})"
            )
    if invocation.as_json:
        write_json(rows)
    return ExitCode.OK
