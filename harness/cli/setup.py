"""``harness doctor``, ``sandbox`` and ``bench``: what works on this machine, and how fast."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

import click
from rich.text import Text

from harness.app.diagnosis import BackendFinding, Diagnosis, diagnose
from harness.bench.measures import MEASURES, Figures, Measure, measure
from harness.cli.invocation import Invocation, command, command_group
from harness.cli.output import console, say, say_next, write_json
from harness.errors import ExitCode, SandboxError
from harness.reports.terminal.page import safe_text
from harness.sandbox.choice import ChosenSandbox
from harness.sandbox.engine import DEFAULT_BASE, build_image

_WIDEST_NAME: Final = 24
_CELL: Final = 11
"""Columns of the table for one backend."""
_NARROWEST: Final = 60
"""A narrower terminal folds the lines by itself."""
_STRONG, _QUIET = "bold", "dim"
_GOOD, _WARN, _BAD = "green", "yellow", "bold red"
_CELLS: Final = {"denied": ("denied", _GOOD), "allowed": ("allowed", _WARN)}

Row = tuple[str, str, str, str]
"""A mark, a name, what was found, and what to do about it."""


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
        screen = console(invocation.colour)
        for line in _report(diagnosis, max(screen.width, _NARROWEST)):
            screen.print(line, soft_wrap=True)
    return ExitCode.OK if diagnosis.can_judge else ExitCode.INTERNAL


def _report(diagnosis: Diagnosis, width: int) -> Iterator[Text]:
    """Yield the lines of the report, at most ``width`` columns wide where words allow it."""
    sections: dict[str, list[Row]] = {
        title: [("" if fact.ok else "!", fact.name, fact.value, "") for fact in facts]
        for title, facts in (
            ("Versions", diagnosis.versions),
            ("Settings", diagnosis.settings),
            ("Attempts", diagnosis.record),
            ("Packs", diagnosis.packs),
            ("Plugins", diagnosis.plugins),
        )
    }
    sections["Sandboxes"] = [_standing(each) for each in diagnosis.backends]
    for title, rows in sections.items():
        yield Text(title, style=_STRONG)
        names = min(max((len(name) for _, name, _, _ in rows), default=0), _WIDEST_NAME)
        for mark, name, value, advice in rows:
            head = f" {mark or ' '} {name:<{names}}  "
            yield from _wrapped(head, value, width, _BAD if mark == "!" else "")
            if advice:
                yield from _wrapped(" " * 7, advice, width, _WARN)
        yield Text("" if rows else "   none\n")
    tried = [each for each in diagnosis.backends if each.trial.works]
    if tried:
        yield from _acts(diagnosis.acts, tried, width)
    yield safe_text(f"Judged last: {diagnosis.last_judged or 'nothing yet'}\n")
    conclusion, style = _conclusion(diagnosis)
    yield from _wrapped("", conclusion, width, style)


def _standing(backend: BackendFinding) -> Row:
    """Say whether a backend works, and how well it protects."""
    trial = backend.trial
    mark = "" if trial.works and not trial.leaks else "!" if backend.matters else "-"
    if trial.works:
        works = "judges here" if backend.judges else "works"
        catches = ", but catches accidents only: judgements are not certified"
        found = f"{works}{'' if trial.certified else catches}  ({trial.interpreter})"
    else:
        found = trial.problem if backend.matters else f"not needed: {trial.problem}"
    return mark, backend.name, found, backend.advice


def _acts(
    acts: Sequence[Mapping[str, Any]], tried: Sequence[BackendFinding], width: int
) -> Iterator[Text]:
    """Draw what was tried, with what each act would mean where there is room for it."""
    names = max(len(act["text"]) for act in acts) + 7
    room = width - names - _CELL * len(tried) - 2
    beside = max(len(act["meaning"]) for act in acts) <= room
    head = f"{'A solution in a box can …':<{names}}"
    head += "".join(f"{each.trial.backend:<{_CELL}}" for each in tried)
    yield _line((head + "  which would give it" * beside, _STRONG))
    tiers = [each.trial.tier if each.trial.certified else "" for each in tried]
    if any(tiers):
        yield _line((" " * names + "".join(f"{tier:<{_CELL}}" for tier in tiers), _STRONG))
    outcomes = [{each.act: each for each in backend.trial.outcomes} for backend in tried]
    judging = next((n for n, backend in enumerate(tried) if backend.judges), 0)
    group = ""
    for act in acts:
        if act["group"] != group:
            group = act["group"]
            yield _line((f"   {group}", _QUIET))
        row = [each[act["name"]] for each in outcomes]
        cells = [
            ("ALLOWED", _BAD) if each.is_leak else _CELLS.get(each.answer, ("-", _QUIET))
            for each in row
        ]
        yield _line(
            (f"{'':5}{act['text']:<{names - 5}}", ""),
            *((f"{word:<{_CELL}}", style) for word, style in cells),
            (f"  {act['meaning']}" * beside, _QUIET),
        )
        if not beside and row[judging].answer == "allowed":
            yield _line((f"{'':7}gives it: {act['meaning']}", _QUIET))
    yield Text()


def _conclusion(diagnosis: Diagnosis) -> tuple[str, str]:
    """Return what follows from all that, and its style."""
    judging = next((each for each in diagnosis.backends if each.judges), None)
    if judging is None:
        return "Nothing can judge here: see Sandboxes above.", _BAD
    name, trial = judging.name, judging.trial
    texts = {act["name"]: act["text"] for act in diagnosis.acts}
    allowed = [texts[each.act] for each in trial.outcomes if each.answer == "allowed"]
    if trial.leaks:
        could = ", ".join(texts[act] for act in trial.leaks)
        return (
            f"Do not trust {name}: a box could {could}. Please report this as "
            "docs/security.md says."
        ), _BAD
    if not trial.certified:
        return (
            f"Solutions can be judged here by {name}: good enough for your own code, not "
            "for code that you do not trust. "
            f"A box could do {len(allowed)} of the {len(texts)} acts above."
        ), _WARN
    untried = sum(each.answer == "untried" for each in trial.outcomes)
    denied = len(trial.outcomes) - len(allowed) - untried
    count = "all" if denied == len(trial.outcomes) else f"{denied} of"
    rest = f"; {untried} could not be tried" if untried else ""
    known = f", but what its tier is known to let through: {', '.join(allowed)}" if allowed else ""
    return (
        f"Solutions can be judged here: {name} denied {count} {len(trial.outcomes)} acts"
        f"{rest}{known}."
    ), _GOOD


def _wrapped(head: str, text: str, width: int, style: str) -> Iterator[Text]:
    """Draw ``head`` and beside it the text, folded at spaces only: paths are copied whole."""
    room = max(width - len(head), _NARROWEST - _WIDEST_NAME)
    for line in text.splitlines() or [""]:
        for part in wrap(line, room, break_long_words=False, break_on_hyphens=False) or [""]:
            yield _line((head + part, style))
            head = " " * len(head)


def _line(*pieces: tuple[str, str]) -> Text:
    line = Text.assemble(*(safe_text(*piece) for piece in pieces))
    line.rstrip()
    return line


sandbox_command = command_group("sandbox", "Set up the docker backend.", "harness sandbox build")


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
    submit  submit-bare    a cold `harness submit`, 30 cases of 20 calls
    levels-1 … levels-4    the same on kv_store, level by level
    cases-10 … cases-1000  the same with so many cases
    calls-10 … calls-10000 the same with so many calls in one case
    watch  watch-bare      from a save to the verdict in `harness watch`
    docker                 the same in containers, compared with the linux backend
    call  box              one call to the boxed solution; a box, until it has imported
    memory  memory-box     what an idle `harness watch`, and one of its boxes, keep
    unittest               the cases of submit in the standard library's runner
    list  history  help    other commands, with much in the catalogue and in the record

    The baseline is the pytest installed here. The `-bare` measurements run it without
    third-party plugins, which slow its start. The second figure is processor time, of all
    processes that take part.

    harness and the baseline run alternately, so that a busy machine slows both, and the median of
    their ratios is printed. Your attempts are not touched.
    """  # noqa: D301  (click reads the backspace)
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        raise click.BadParameter(f"choose from {', '.join(MEASURES)}", param_hint=unknown[0])
    rows = []
    for name in names or MEASURES:
        entry = MEASURES[name]
        try:
            measured = measure(name, runs)
        except SandboxError as error:  # of a backend that is not here
            say(invocation, f"{name}: not measured. {error.message}")
            continue
        rows.append(
            {
                "name": name,
                "title": entry.title,
                "baseline": entry.baseline,
                "unit": entry.unit,
                "figure": measured.figure,
                "target": entry.target,
                "processor": measured.processor,
                "processor_target": entry.processor_target,
            }
        )
        if not invocation.as_json:
            click.echo(_measured(entry, measured))
    if invocation.as_json:
        write_json(rows)
    return ExitCode.OK


def _measured(entry: Measure, measured: Figures) -> str:
    """Return the line of one measure."""
    shown = [
        f"{_figure(value):>6} {entry.unit}{kind}"
        + (f" (target: at most {target:g})" if target is not None else "")
        for value, kind, target in (
            (measured.figure, "", entry.target),
            (measured.processor, " of processor time", entry.processor_target),
        )
        if value is not None
    ]
    against = f"  of {entry.baseline}" if entry.baseline else ""
    return f"{entry.title:<42}{', '.join(shown)}{against}"


def _figure(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"
