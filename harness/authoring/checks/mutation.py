"""The hidden suites notice small mistakes, and each of their cases is there for a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.authoring.examiner import Request
from harness.authoring.mutants import Mutant, mutants
from harness.authoring.outcomes import failed_cases, failures, function_of, line_of_function
from harness.authoring.subject import Subject
from harness.authoring.waivers import WAIVERS_NAME, WaivedMutant, read_waivers
from harness.model.finding import Check, Finding, Ground, Severity
from harness.model.frozen import frozen
from harness.model.judgement import Judgement, Suite
from harness.model.snapshot import Snapshot

GATE = 0.95
"""The least share of mutants that must be noticed, per level."""


@frozen
class Trial:
    """One mutant of a level's reference, judged by the hidden suites up to that level."""

    level: int
    file: str
    mutant: Mutant
    judgement: Judgement
    waiver: WaivedMutant | None

    @property
    def killed(self) -> bool:
        """Whether a case noticed it."""
        return bool(failures(self.judgement))


@frozen
class Score:
    """How one level's mutants fared."""

    level: int
    mutants: int
    killed: int
    waived: int

    @property
    def share(self) -> float:
        """Killed ones of those that are not waived; 1 where there is none."""
        counted = self.mutants - self.waived
        return self.killed / counted if counted else 1.0


def trials(subject: Subject) -> Sequence[Trial]:
    """Judge all mutants of all references. Takes minutes, and seconds the next time."""
    waivers = {(w.before, w.after): w for w in read_waivers(subject.problem.root).waived}
    made = [
        (level, file, mutant)
        for level, reference in subject.references.items()
        for file, source in reference.files.items()
        for mutant in mutants(source.decode("utf-8"))
    ]
    asked = [
        Request(
            Snapshot(files={**subject.references[level].files, file: mutant.source.encode()}),
            tuple(range(1, level + 1)),
            stop_at_timeout=True,
        )
        for level, file, mutant in made
    ]
    return [
        Trial(level, file, mutant, judgement, waivers.get((mutant.before, mutant.after)))
        for (level, file, mutant), judgement in zip(made, subject.judge_all(asked), strict=True)
    ]


def scores(subject: Subject, tried: Sequence[Trial]) -> list[Score]:
    """Sum up per level. A waived mutant that is killed all the same counts as killed."""
    return [
        Score(
            level,
            mutants=sum(t.level == level for t in tried),
            killed=sum(t.level == level and t.killed for t in tried),
            waived=sum(t.level == level and not t.killed and t.waiver is not None for t in tried),
        )
        for level in subject.levels
    ]


def mutation(subject: Subject) -> Iterator[Finding]:
    """At least ``GATE`` of each level's mutants are killed; the others are shown."""
    tried = trials(subject)
    for score in scores(subject, tried):
        if score.share < GATE:
            yield Finding(
                message=f"The hidden suites of levels 1 to {score.level} kill {score.killed} of "
                f"{score.mutants - score.waived} mutants of reference {score.level}: "
                f"{score.share:.0%}, less than {GATE:.0%}.",
                why="Solutions with such mistakes would be accepted.",
                fix="write cases that tell the mutants below from the reference",
                path=subject.problem.suite_path(score.level, Suite.HIDDEN),
                level=score.level,
            )
    for trial in tried:
        if not trial.killed and trial.waiver is None:
            yield _survivor(subject, trial)
    yield from _stale(subject, tried)


def needed(subject: Subject) -> Iterator[Finding]:
    """Each hidden case kills a mutant or a known-wrong solution, or says why it is kept."""
    of_use = killers(subject)
    kept = {(each.level, each.case) for each in read_waivers(subject.problem.root).kept}
    for level, judgement in _of_references(subject).items():
        path = subject.problem.suite_path(level, Suite.HIDDEN)
        for name in dict.fromkeys(function_of(o) for o in judgement.of_level(level)):
            if (level, name) not in of_use | kept:
                yield Finding(
                    message=f"The hidden case {name} fails no mutant and no known-wrong solution.",
                    why="A case that nothing fails may check nothing.",
                    fix="write the known-wrong solution it is for, merge it into another case, "
                    f"or keep it with a reason in {WAIVERS_NAME}",
                    path=path,
                    line=line_of_function(path, name.rpartition("::")[2]),
                    level=level,
                )


def killers(subject: Subject) -> set[tuple[int, str]]:
    """Return level and name of each case that fails a mutant or a known-wrong solution."""
    found = {
        (outcome.level, function_of(outcome))
        for trial in trials(subject)
        for outcome in failed_cases(trial.judgement)
    }
    return found | {(row.level, case) for row in subject.wrong_rows for case in row.cases}


def _of_references(subject: Subject) -> dict[int, Judgement]:
    asked = [subject.hidden(subject.references[n], range(1, n + 1)) for n in subject.levels]
    return dict(zip(subject.levels, subject.judge_all(asked), strict=True))


def _survivor(subject: Subject, trial: Trial) -> Finding:
    original = subject.references[trial.level].files[trial.file].decode("utf-8")
    return Finding(
        message=f"No hidden case of levels 1 to {trial.level} notices this: "
        f"{trial.mutant.operator}.",
        why="A solution with this mistake is accepted.",
        fix="write a case that fails it, or waive it with the reason why it is no mistake in "
        f"{WAIVERS_NAME}",
        path=subject.problem.reference_dir(trial.level) / trial.file,
        line=trial.mutant.line,
        level=trial.level,
        severity=Severity.WARNING,
        detail=trial.mutant.diff(original, trial.file),
        single=True,
    )


def _stale(subject: Subject, tried: Sequence[Trial]) -> Iterator[Finding]:
    met = {trial.waiver for trial in tried if not trial.killed}
    for waiver in read_waivers(subject.problem.root).waived:
        if waiver not in met:
            yield Finding(
                message=f"The waiver of '{waiver.after}' is for no mutant that lives.",
                why="A waiver that nobody needs hides the next mistake at this place.",
                fix="take it out",
                path=subject.problem.root / WAIVERS_NAME,
            )


CHECKS = (
    Check(
        name="mutation",
        title="small mistakes in the references are noticed",
        run=mutation,
        needs=(Ground.WAIVERS, Ground.CASES),
        full=True,
    ),
    Check(
        name="needed",
        title="each hidden case is there for a reason",
        run=needed,
        needs=(Ground.WRONG_LIST, Ground.WAIVERS, Ground.CASES),
        full=True,
    ),
)
