"""Gathers what ``proof.toml`` says, from judgements that the checks have made."""

from __future__ import annotations

import re

import harness
from harness.authoring.checks.determinism import slowest
from harness.authoring.checks.mutation import mutate
from harness.authoring.files import LevelProof, Proof, hash_of_files, solution_in
from harness.authoring.subject import Subject
from harness.authoring.texts import PieceKind, pieces_of
from harness.authoring.trials import failures, function_of, try_edits


def prove(subject: Subject) -> Proof:
    """Count what the checks have judged; judgements that are kept make it quick."""
    problem = subject.problem
    last = subject.judge(subject.hidden(subject.references[subject.levels[-1]]))
    slow = slowest(subject)
    return Proof(
        slug=problem.slug,
        version=problem.manifest.version,
        hash=hash_of_files(problem),
        tool=harness.__version__,
        levels=tuple(
            LevelProof(
                level=score.level,
                cases=len({function_of(each) for each in last.of_level(score.level)}),
                mutants=score.mutants,
                killed=score.killed,
                equivalent=score.equivalent,
                slowest_ms=round(slow[score.level].seconds * 1000),
                statement_words=_words(problem.statement(score.level)),
                reference_lines=sum(
                    content.count(b"\n")
                    for content in subject.references[score.level].files.values()
                ),
            )
            for score in mutate(subject).scores
        ),
        mistakes={
            trial.edit.name: tuple(trial.failing) for trial in try_edits(subject, subject.mistakes)
        },
        naive=_naive(subject),
    )


def _naive(subject: Subject) -> dict[str, tuple[str, ...]]:
    folder = subject.problem.root / "naive"
    if not folder.is_dir():
        return {}
    judgement = subject.judge(subject.hidden(solution_in(folder)))
    failed: dict[str, dict[str, None]] = {}
    for outcome in failures(judgement):
        failed.setdefault(f"level{outcome.level}", {})[function_of(outcome)] = None
    return {level: tuple(names) for level, names in failed.items()}


def _words(statement: str) -> int:
    prose = (piece for _, kind, piece in pieces_of(statement) if kind is PieceKind.PROSE)
    return sum(len(re.findall(r"\w+", piece)) for piece in prose)
