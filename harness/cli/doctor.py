"""``harness doctor``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from harness.cli.invocation import Invocation, json_option, pass_invocation
from harness.errors import ExitCode

if TYPE_CHECKING:
    from harness.app.diagnosis import Diagnosis, Finding


@click.command("doctor", epilog="\b\nExample:\n  harness doctor")
@json_option
@pass_invocation
def doctor_command(invocation: Invocation) -> ExitCode:
    """See what works here; plain text to paste into a bug report."""
    from harness.cli.output import write_json

    diagnosis = invocation.app.diagnose(invocation.environ)
    if invocation.as_json:
        write_json(diagnosis)
    else:
        click.echo("\n".join(diagnosis_lines(diagnosis)))
    return ExitCode.OK if diagnosis.can_judge else ExitCode.INTERNAL


def diagnosis_lines(diagnosis: Diagnosis) -> Iterator[str]:
    """Yield the lines of the report."""
    yield from _section("Versions", diagnosis.versions)
    yield from _section("Settings", diagnosis.settings)
    yield from _section("Attempts", diagnosis.record)
    yield from _section("Packs", diagnosis.packs)
    yield from _section("Plugins", diagnosis.plugins)
    yield from _section("Sandboxes", diagnosis.backends)
    yield f"Judged last: {diagnosis.last_judged or 'nothing yet'}"
    yield ""
    if diagnosis.can_judge:
        yield "Solutions can be judged here."
    else:
        yield "Nothing can judge here: see Sandboxes above."


def _section(title: str, findings: Sequence[Finding]) -> Iterator[str]:
    yield title
    width = max((len(each.name) for each in findings), default=0)
    for each in findings:
        mark = " " if each.ok else "!"
        first, *more = each.value.splitlines() or [""]
        yield f" {mark} {each.name:<{min(width, 24)}}  {first}".rstrip()
        yield from (f"     {line}" for line in more)
    if not findings:
        yield "   none"
    yield ""
