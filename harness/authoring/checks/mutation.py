"""The hidden suites notice small mistakes, and each of their cases is there for a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from harness.authoring.findings import at_case, at_file, at_row, line_of_case, some_of
from harness.authoring.mistakes import MISTAKES_NAME, Edit, EditError, mistake_row
from harness.authoring.mutants import mutants
from harness.authoring.subject import Subject
from harness.authoring.trials import Case, Trial, function_of, skeleton_passes, try_edits
from harness.model.finding import Finding, Severity
from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Suite, Verdict

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
    survivors: Sequence[Edit]
    """Mutants that no case notices, and that nothing excuses."""
    stale: Sequence[Edit]
    """Equivalents that excuse no survivor."""
    scores: Sequence[LevelMutants]


@lru_cache(maxsize=1)  # three checks and the proof ask for it, one after another
def mutate(subject: Subject) -> Mutation:
    """Judge all mutants of all references. Takes minutes, and seconds the next time."""
    made = [edit for level, each in subject.references.items() for edit in mutants(each, level)]
    trials = try_edits(subject, made)
    survivors: list[Edit] = []
    used: set[Edit] = set()
    scores = []
    for level in subject.levels:
        own = [trial for trial in trials if trial.edit.level == level]
        unnoticed = [trial.edit for trial in own if not trial.caught]
        excuses = [_equivalent(subject, edit) for edit in unnoticed]
        used.update(excuse for excuse in excuses if excuse is not None)
        survivors += [e for e, excuse in zip(unnoticed, excuses, strict=True) if excuse is None]
        scores.append(
            LevelMutants(
                level,
                mutants=len(own),
                killed=len(own) - len(unnoticed),
                equivalent=len(unnoticed) - excuses.count(None),
            )
        )
    stale = [each for each in subject.mistakes_file.equivalents if each not in used]
    return Mutation(trials=trials, survivors=survivors, stale=stale, scores=scores)


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
            yield at_file(
                subject.problem.suite_path(score.level, Suite.HIDDEN),
                f"The hidden suites of levels 1 to {score.level} kill {score.killed} of "
                f"{score.mutants - score.equivalent} mutants of reference {score.level}: "
                f"{score.share:.0%}, less than {GATE:.0%}.",
                "Solutions with such mistakes would be accepted.",
                "write cases that tell the mutants below from the reference",
                level=score.level,
            )
    for mutant, others in _at_lowest_levels(subject, found.survivors):
        yield _survivor(subject, mutant, others)
    for row in found.stale:
        yield at_row(
            subject,
            row,
            "This [[equivalent]] matches no surviving mutant.",
            "A row that excuses nothing hides the next mistake in this place.",
            "remove it",
        )


def _at_lowest_levels(subject: Subject, survivors: Sequence[Edit]) -> list[tuple[Edit, list[int]]]:
    """Return each mutant once, at its lowest level, and the higher levels that it survives, too."""
    found: list[tuple[Edit, list[int]]] = []
    by_change: dict[tuple[str, ...], list[list[int]]] = defaultdict(list)
    for mutant in survivors:
        lines = mutant.diff(subject.references[mutant.level]).splitlines()
        changed = [f"{line[0]}{line[1:].strip()}" for line in lines if line[0] in "-+"]
        same = by_change[mutant.why, *changed]
        # The same change may stand in several places of a level.
        lower = [levels for levels in same if levels[-1] < mutant.level]
        if lower:
            lower[0].append(mutant.level)
        else:
            levels = [mutant.level]
            same.append(levels)
            found.append((mutant, levels))
    return [(mutant, levels[1:]) for mutant, levels in found]


def _survivor(subject: Subject, mutant: Edit, others: Sequence[int]) -> Finding:
    reference = subject.references[mutant.level]
    row = mistake_row(
        Edit(level=mutant.level, why="…", replacements=mutant.replacements),
        subject.problem.manifest.module,
        "equivalent",
    )
    also = ""
    if others:
        also = f" Nor is it noticed at {some_of([f'level {level}' for level in others])}."
    return Finding(
        message=f"No hidden case of levels 1 to {mutant.level} notices this: {mutant.why}.{also}",
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
    kept = {(each.level, each.case) for each in subject.mistakes_file.kept}
    matrix = _matrix(trial.outcomes for trial in _trials(subject))
    last = subject.judge(subject.hidden(subject.references[subject.levels[-1]]))
    cases = {(outcome.level, function_of(outcome)): outcome for outcome in last.outcomes}
    for case, outcome in cases.items():
        if not matrix[case] and case not in kept:
            yield at_case(
                subject,
                outcome,
                f"The hidden case {case[1]} fails no mutant and no known mistake.",
                "A case that nothing fails may check nothing.",
                "write the mistake it is for, merge it into another case, or add it to "
                f"{MISTAKES_NAME} as [[kept]] with a reason",
            )


def twins(subject: Subject) -> Iterator[Finding]:
    """No two hidden cases of a level fail the same mutants and known mistakes."""
    kept = {(each.level, each.case) for each in subject.mistakes_file.kept}
    doubted = {(outcome.level, function_of(outcome)) for _, outcome in skeleton_passes(subject)}
    for group in _groups(subject):
        doubted |= set(group)
        if not kept & set(group):
            level, names = group[0][0], [name for _, name in group]
            path = subject.problem.suite_path(level, Suite.HIDDEN)
            lines = [line for name in names if (line := line_of_case(path, name))]
            yield at_file(
                path,
                f"These cases always fail together: {', '.join(names)}.",
                "They may test one rule several times, and leave another one untested.",
                "merge them, write the mistake that tells them apart, or add one to "
                f"{MISTAKES_NAME} as [[kept]] with a reason",
                line=min(lines, default=None),
                level=level,
                severity=Severity.WARNING,
            )
    matrix = _matrix(trial.outcomes for trial in _trials(subject))
    for row in subject.mistakes_file.kept:
        case = (row.level, row.case)
        if matrix[case] and case not in doubted:
            yield at_row(
                subject,
                row,
                f"{row.case} of level {row.level} needs no [[kept]]: it fails a mistake "
                "that no other case fails in the same way.",
                "A reason that is not needed hides the next doubt about this case.",
                "remove the row",
                severity=Severity.WARNING,
            )


def _trials(subject: Subject) -> list[Trial]:
    return [*mutate(subject).trials, *try_edits(subject, subject.mistakes)]


def _matrix(judged: Iterable[Sequence[CaseOutcome]]) -> defaultdict[Case, frozenset[int]]:
    """Return each case → the numbers of the judgements that it fails.

    A solution that cannot be imported says nothing about the cases.
    """
    matrix: defaultdict[Case, frozenset[int]] = defaultdict(frozenset)
    for number, outcomes in enumerate(judged):
        for outcome in outcomes:
            if outcome.verdict not in {Verdict.ACCEPTED, Verdict.IMPORT_ERROR}:
                matrix[outcome.level, function_of(outcome)] |= {number}
    return matrix


def _groups(subject: Subject) -> Iterator[list[Case]]:
    """Yield the cases of a level that fail the same edits, where they are several."""
    trials = _trials(subject)
    caught = list(_matrix(trial.outcomes for trial in trials))
    for group in _alike(caught, [trial.outcomes for trial in trials]):
        # This level has not judged the later edits that their own suites caught.
        level = group[0][0]
        asked = [
            subject.request(subject.edited(trial.edit), (level,), stop_at_timeout=True)
            for trial in trials
            if trial.edit.level > level
        ]
        yield from _alike(group, [judgement.outcomes for judgement in subject.judge_all(asked)])


def _alike(cases: Iterable[Case], judged: Sequence[Sequence[CaseOutcome]]) -> list[list[Case]]:
    """Return those of ``cases`` that fail in the same judgements, where they are several."""
    # After a time limit nothing is known of the cases that follow.
    complete = [o for o in judged if not any(each.verdict is Verdict.TIME_LIMIT for each in o)]
    matrix = _matrix(complete)
    groups: dict[tuple[int, frozenset[int]], list[Case]] = defaultdict(list)
    for case in sorted(cases):
        groups[case[0], matrix[case]].append(case)
    return [group for group in groups.values() if len(group) > 1]
