"""A solution that does no work earns nothing, whatever tricks it plays.

What tricks do to the judge is tested with the judge. Here only the cases of a problem are tested:
whether one of them accepts an answer that was not worked out.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from harness.authoring.outcomes import line_of_case
from harness.authoring.subject import Subject
from harness.model.finding import Check, Finding
from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Suite, Verdict
from harness.model.manifest import Manifest
from harness.model.problem import Snapshot

_ANSWERS = ("None", "True", "False", "0", "1", "''", "[]", "{}")
_ERRORS = ("ValueError", "KeyError")
_EQUAL = """
class Everything:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __contains__ = __lt__
    def __hash__(self): return 0
    def __bool__(self): return True
    def __len__(self): return 1
    def __iter__(self): return iter([self])
    def __getitem__(self, key): return self
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
    def __enter__(self): return self
    def __exit__(self, *error): return True
    def __str__(self): return "True"

class Text(str):
    __eq__ = __contains__ = __lt__ = __gt__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = str.__hash__
"""


@frozen
class Cheat:
    """One solution that must not be accepted."""

    what: str
    """What it does, to stand after "A solution that "."""
    solution: Snapshot
    constant: bool
    """It gives one answer to everything, which may be the right one of a case, never of a level."""


def cheats(subject: Subject) -> Iterator[Finding]:
    """No cheat gets a level, and none but constant answers gets a case."""
    made = cheats_for(subject.problem.manifest)
    asked = [subject.request(cheat.solution, stop_at_timeout=True) for cheat in made]
    through: dict[str, list[tuple[Cheat, CaseOutcome]]] = {}
    for cheat, judgement in zip(made, subject.judge_all(asked), strict=True):
        for level in subject.levels:
            if judgement.level_accepted(level):
                yield Finding(
                    message=f"A solution that {cheat.what} passes level {level}.",
                    why="Candidates would get points for nothing.",
                    fix="write cases whose right answers differ from each other",
                    path=subject.problem.suite_path(level, Suite.HIDDEN),
                    level=level,
                )
        for outcome in judgement.outcomes:
            if outcome.verdict is Verdict.ACCEPTED and not cheat.constant:
                through.setdefault(outcome.case, []).append((cheat, outcome))
    for met in through.values():
        yield _case(subject, met)


def _case(subject: Subject, met: Sequence[tuple[Cheat, CaseOutcome]]) -> Finding:
    outcome = met[0][1]
    tricks = "; ".join(cheat.what for cheat, _ in met)
    return Finding(
        message=f"The hidden case {outcome.case} is passed by a solution that {tricks}.",
        why="The case asks for nothing that only correct code gives, so it proves nothing.",
        fix="compare the solution's answer with a plain value",
        path=subject.problem.suite_path(outcome.level, Suite.HIDDEN),
        line=line_of_case(subject, outcome, Suite.HIDDEN),
        level=outcome.level,
    )


def cheats_for(manifest: Manifest) -> list[Cheat]:
    """Return the cheats that define the names of a problem."""
    declared = [name for level in manifest.levels for name in level.symbols.exceptions]
    rows = [(f"answers {answer} to everything", f"return {answer}", True) for answer in _ANSWERS]
    rows += [
        (f"answers everything by raising {error}", f"raise {error}", True)
        for error in dict.fromkeys([*declared, *_ERRORS])
    ]
    rows += [
        ("answers by an object that equals everything", "return Everything()", False),
        ("answers by a text that equals everything", "return Text('no right answer')", False),
        ("raises an exception of no kind", "raise BaseException('no')", False),
    ]
    return [
        Cheat(what, Snapshot(files={f"{manifest.module}.py": source.encode()}), constant)
        for what, does, constant in rows
        for source in [_module(manifest, does)]
    ]


def _module(manifest: Manifest, does: str) -> str:
    """Define all names of all levels; every function and method does the same."""
    functions: list[str] = []
    classes: dict[str, list[str]] = {}
    parts = [_EQUAL]
    for level in manifest.levels:
        functions += level.symbols.functions
        for name, methods in level.symbols.classes.items():
            classes.setdefault(name, []).extend(methods)
        for name, base in level.symbols.exceptions.items():
            parts.append(f"class {name}({base}): pass\n")
    for name in dict.fromkeys(functions):
        parts.append(f"def {name}(*args, **kwargs): {does}\n")
    for name, names in classes.items():
        bodies = ["def __init__(self, *args, **kwargs): pass"]
        bodies += [
            f"def {method}(self, *args, **kwargs): {does}"
            for method in dict.fromkeys(names)
            if method != "__init__"
        ]
        parts.append(f"class {name}:\n" + textwrap.indent("\n".join(bodies), "    ") + "\n")
    return "\n".join(parts)


CHECKS = (
    Check(
        name="cheats",
        title="a solution that does no work earns nothing",
        run=cheats,
        needs=("suites",),
        full=True,
    ),
)
