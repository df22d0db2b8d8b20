"""The hidden suites notice small mistakes, and each of their cases is there for a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from harness.authoring.checks.suspicious import gifts
from harness.authoring.mistakes import MISTAKES_NAME, Edit, EditError, mistake_row
from harness.authoring.mutants import mutants
from harness.authoring.outcomes import function_of, line_of_function
from harness.authoring.subject import Subject
from harness.authoring.suites import suites_of
from harness.authoring.trials import Trial, try_edits
from harness.model.finding import Check, Finding, Severity
from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Suite, Verdict

Case = tuple[int, str]
"""A hidden case: its level, and the name of its function."""

GATE = 0.95
"""The least share of mutants that must be noticed, per level."""


@frozen
class LevelMutants:
    """How one level's mutants fared."""

    level: int
    mutants: int
    killed: int
    equivalent: int

    @property
    def share(self) -> float:
        """Killed ones of those that are not equivalent; 1 where there is none."""
        counted = self.mutants - self.equivalent
        return self.killed / counted if counted else 1.0


@frozen(kw_only=True)
class Mutation:
    """All mutants of all references, judged."""

    trials: Sequence[Trial]
    excused: Sequence[Trial]
    """Survivors that behave as the reference."""
    stale: Sequence[Edit]
    """Equivalents that excuse no survivor."""
    scores: Sequence[LevelMutants]

    @property
    def survivors(self) -> list[Trial]:
        """Mutants that no case notices, and that nothing excuses."""
        return [t for t in self.trials if not t.caught and t not in self.excused]


@lru_cache(maxsize=1)  # three checks and the proof ask for it, one after another
def mutate(subject: Subject) -> Mutation:
    """Judge all mutants of all references. Takes minutes, and seconds the next time."""
    made = [mutants(reference, level) for level, reference in subject.references.items()]
    trials = try_edits(subject, [edit for edits in made for edit in edits])
    excused: list[Trial] = []
    used: set[Edit] = set()
    for trial in trials:
        found = None if trial.caught else _equivalent(subject, trial.edit)
        if found is not None:
            excused.append(trial)
            used.add(found)
    scores = [
        LevelMutants(
            level,
            mutants=sum(t.edit.level == level for t in trials),
            killed=sum(t.edit.level == level and t.caught for t in trials),
            equivalent=sum(t.edit.level == level for t in excused),
        )
        for level in subject.levels
    ]
    stale = [each for each in subject.mistakes_file.equivalents if each not in used]
    return Mutation(trials=trials, excused=excused, stale=stale, scores=scores)


def _equivalent(subject: Subject, mutant: Edit) -> Edit | None:
    """Return the row that excuses a mutant: of its level or a lower one, with the same result."""
    solution = subject.edited(mutant)
    for each in subject.mistakes_file.equivalents:
        if each.level <= mutant.level:
            try:
                if each.apply(subject.references[mutant.level]) == solution:
                    return each
            except EditError:
                continue  # this level's reference no longer has the line
    return None


def mutation(subject: Subject) -> Iterator[Finding]:
    """At least ``GATE`` of each level's mutants are noticed; the others are shown."""
    found = mutate(subject)
    for score in found.scores:
        if score.share < GATE:
            yield Finding(
                message=f"The hidden suites of levels 1 to {score.level} kill {score.killed} of "
                f"{score.mutants - score.equivalent} mutants of reference {score.level}: "
                f"{score.share:.0%}, less than {GATE:.0%}.",
                why="Solutions with such mistakes would be accepted.",
                fix="write cases that tell the mutants below from the reference",
                path=subject.problem.suite_path(score.level, Suite.HIDDEN),
                level=score.level,
            )
    for trial in found.survivors:
        yield _survivor(subject, trial.edit)
    for row in found.stale:
        yield Finding(
            message="This [[equivalent]] matches no surviving mutant.",
            why="A row that excuses nothing hides the next mistake in this place.",
            fix="remove it",
            path=subject.problem.root / MISTAKES_NAME,
            line=row.line,
            level=row.level,
        )


def _survivor(subject: Subject, mutant: Edit) -> Finding:
    reference = subject.references[mutant.level]
    row = mistake_row(
        Edit(level=mutant.level, why="…", replacements=mutant.replacements),
        subject.problem.manifest.module,
        "equivalent",
    )
    return Finding(
        message=f"No hidden case of levels 1 to {mutant.level} notices this: {mutant.why}.",
        why="A solution with this mistake is accepted.",
        fix=f"write a case that fails it; or, if it behaves as the reference, add its row to "
        f"{MISTAKES_NAME} and say why",
        path=subject.problem.reference_dir(mutant.level) / mutant.replacements[0].file,
        line=mutant.first_line(reference),
        level=mutant.level,
        severity=Severity.WARNING,
        detail=f"{mutant.diff(reference)}\n\n{row}".rstrip(),
        single=True,
    )


def needed(subject: Subject) -> Iterator[Finding]:
    """Each hidden case fails a mutant or a known mistake, or is kept for a reason."""
    caught = _catchers(subject)
    kept = {(each.level, each.case) for each in subject.mistakes_file.kept}
    for level, names in _hidden_cases(subject).items():
        path = subject.problem.suite_path(level, Suite.HIDDEN)
        for name in names:
            if (level, name) not in caught | kept:
                yield Finding(
                    message=f"The hidden case {name} fails no mutant and no known mistake.",
                    why="A case that nothing fails may check nothing.",
                    fix="write the mistake it is for, merge it into another case, or add it to "
                    f"{MISTAKES_NAME} as [[kept]] with a reason",
                    path=path,
                    line=line_of_function(path, name.rpartition("::")[2]),
                    level=level,
                )


def twins(subject: Subject) -> Iterator[Finding]:
    """No two hidden cases of a level fail the same mutants and known mistakes."""
    kept = {(each.level, each.case) for each in subject.mistakes_file.kept}
    alike: set[Case] = set()
    for group in _groups(subject):
        alike |= set(group)
        if not kept & set(group):
            level, names = group[0][0], [name for _, name in group]
            sources = suites_of(subject.problem)
            own = next(s for s in sources if s.level == level and s.suite is Suite.HIDDEN)
            yield Finding(
                message=f"These cases always fail together: {', '.join(names)}.",
                why="They may test one rule several times, and leave another one untested.",
                fix="merge them, write the mistake that tells them apart, or add one to "
                f"{MISTAKES_NAME} as [[kept]] with a reason",
                path=own.path,
                line=min((case.line for case in own.cases if case.name in names), default=None),
                level=level,
                severity=Severity.WARNING,
            )
    doubted = alike | {(o.level, function_of(o)) for _, o in gifts(subject)}
    needless = _catchers(subject) - doubted
    for row in subject.mistakes_file.kept:
        if (row.level, row.case) in needless:
            yield Finding(
                message=f"{row.case} of level {row.level} needs no [[kept]]: it fails a mistake "
                "that no other case fails in the same way.",
                why="A reason that is not needed hides the next doubt about this case.",
                fix="remove the row",
                path=subject.problem.root / MISTAKES_NAME,
                line=row.line,
                level=row.level,
                severity=Severity.WARNING,
            )


def _trials(subject: Subject) -> list[Trial]:
    return [*mutate(subject).trials, *try_edits(subject, subject.mistakes)]


def _catchers(subject: Subject) -> set[Case]:
    """Return level and name of each case that fails a mutant or a known mistake."""
    return {each for trial in _trials(subject) for each in trial.catchers}


def _hidden_cases(subject: Subject) -> dict[int, list[str]]:
    """Return the functions of each level's hidden suite, as the judge collects them."""
    last = subject.judge(subject.hidden(subject.references[subject.levels[-1]]))
    return {
        level: list(dict.fromkeys(function_of(outcome) for outcome in last.of_level(level)))
        for level in subject.levels
    }


def _groups(subject: Subject) -> Iterator[list[Case]]:
    """Yield the cases of a level that fail the same edits, where they are several."""
    trials = _trials(subject)
    caught = {case for trial in trials for case in trial.catchers}
    for group in _alike(caught, [trial.outcomes for trial in trials]):
        # This level has not judged the later edits that their own suites caught.
        level = group[0][0]
        later = [trial.edit for trial in trials if trial.edit.level > level]
        judged = subject.judge_all(
            [
                subject.request(subject.edited(edit), (level,), stop_at_timeout=True)
                for edit in later
            ]
        )
        yield from _alike(set(group), [judgement.outcomes for judgement in judged])


def _alike(cases: set[Case], judged: Sequence[Sequence[CaseOutcome]]) -> list[list[Case]]:
    """Return those of ``cases`` that fail in the same judgements, where they are several."""
    seen: dict[Case, set[int]] = {case: set() for case in cases}
    for number, outcomes in enumerate(judged):
        # After a time limit nothing is known of the cases that follow.
        if not any(outcome.verdict is Verdict.TIME_LIMIT for outcome in outcomes):
            for outcome in outcomes:
                case = (outcome.level, function_of(outcome))
                if case in seen and outcome.verdict not in {Verdict.ACCEPTED, Verdict.IMPORT_ERROR}:
                    seen[case].add(number)
    groups: dict[tuple[int, frozenset[int]], list[Case]] = defaultdict(list)
    for case in sorted(seen):
        groups[case[0], frozenset(seen[case])].append(case)
    return [group for group in groups.values() if len(group) > 1]


CHECKS = (
    Check(
        name="mutation",
        title="small mistakes in the references are noticed",
        run=mutation,
        needs=("mistakes",),
        full=True,
    ),
    Check(
        name="needed",
        title="each hidden case is there for a reason",
        run=needed,
        needs=("mistakes",),
        full=True,
    ),
    Check(
        name="twins",
        title="no two cases always fail together",
        run=twins,
        needs=("mistakes",),
        full=True,
    ),
)
