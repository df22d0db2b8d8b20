"""Who knows nothing gets nothing, whatever tricks are tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.authoring.examiner import Request
from harness.authoring.outcomes import line_of_case
from harness.authoring.probes import GOT_THROUGH, Probe, probes
from harness.authoring.subject import Subject
from harness.model.finding import Check, Finding
from harness.model.judgement import CaseOutcome, Judgement, Suite
from harness.model.verdict import Verdict

_MOST_SHOWN = 3
"""A case that asks for nothing lets all probes through: the first few tell it."""

_HAS_READ = Finding(
    message="A solution can read the hidden suites while it is judged.",
    why="Who reads the suite has the answers.",
    fix="judge in a sandbox that certifies: harness doctor",
)


def cheats(subject: Subject) -> Iterator[Finding]:
    """No probe gets a level, and none but constant answers gets a case."""
    problem = subject.problem
    made = probes(problem.manifest, _marks(subject), str(problem.root))
    asked = [Request(probe.solution, tuple(subject.levels), stop_at_timeout=True) for probe in made]
    through: dict[str, list[tuple[Probe, CaseOutcome]]] = {}
    for probe, judgement in zip(made, subject.judge_all(asked), strict=True):
        yield from _levels(subject, probe, judgement)
        if any(GOT_THROUGH in outcome.output for outcome in judgement.outcomes):
            yield _HAS_READ
        for outcome in judgement.outcomes:
            if outcome.verdict is Verdict.ACCEPTED and not probe.constant:
                through.setdefault(outcome.case, []).append((probe, outcome))
    for met in through.values():
        yield _case(subject, met)


def _levels(subject: Subject, probe: Probe, judgement: Judgement) -> Iterator[Finding]:
    for level in subject.levels:
        if judgement.level_accepted(level):
            yield Finding(
                message=f"A solution that {probe.what} passes level {level}.",
                why="Points for nothing make the points of everybody else worth nothing.",
                fix="write cases whose right answers differ from each other",
                path=subject.problem.suite_path(level, Suite.HIDDEN),
                level=level,
            )


def _case(subject: Subject, met: Sequence[tuple[Probe, CaseOutcome]]) -> Finding:
    outcome = met[0][1]
    tricks = "; ".join(probe.what for probe, _ in met[:_MOST_SHOWN])
    more = f"; and {len(met) - _MOST_SHOWN} more" if len(met) > _MOST_SHOWN else ""
    return Finding(
        message=f"The hidden case {outcome.case} is passed by a solution that {tricks}{more}.",
        why="The case asks for nothing that only right code gives, so it proves nothing.",
        fix="compare what the solution answers with a plain value",
        path=subject.problem.suite_path(outcome.level, Suite.HIDDEN),
        line=line_of_case(subject, outcome, Suite.HIDDEN),
        level=outcome.level,
    )


def _marks(subject: Subject) -> list[str]:
    """Return a line of each hidden suite that is in no other file: its first case's head."""
    heads = []
    for level in subject.levels:
        text = subject.problem.suite_path(level, Suite.HIDDEN).read_text(encoding="utf-8")
        heads += [line for line in text.splitlines() if line.startswith("def test_")][:1]
    return heads


CHECKS = (
    Check(
        name="cheats",
        title="who knows nothing gets nothing",
        run=cheats,
        needs=("suites",),
        full=True,
    ),
)
"""For ``harness.authoring.checks.everything``."""
