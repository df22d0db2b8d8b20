"""``harness bench``."""

from __future__ import annotations

import click

from harness.bench import MEASURES, measure
from harness.cli.invocation import Invocation, command
from harness.cli.output import write_json
from harness.errors import ExitCode


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
