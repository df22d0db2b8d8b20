"""What the scripts of a level did, and which known mistakes they tell from the reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from harness.authoring.fuzz.player import Player
from harness.authoring.fuzz.script import Answer, Script, first_difference
from harness.authoring.subject import Subject
from harness.model.frozen import frozen

_PLAIN = (type(None), bool, int, float, str, bytes, list, tuple, dict, set, frozenset)
MOST_SCRIPTS = 100
"""Tried on each known mistake; the last ones, since the first are often short."""


@frozen
class CallCount:
    """How often scripts made a call."""

    target: str
    made: int
    did_something: int
    """How often it was answered by more than nothing: an exception, None, False, 0 or what is
    empty. Of a call that never gives anything else each return counts."""


class Tally:
    """Gathers the scripts that the reference has answered."""

    def __init__(self) -> None:
        self.scripts: list[Script] = []
        self._answers: dict[str, list[Answer]] = {}

    def add(self, script: Script, answers: Sequence[Answer]) -> None:
        """Count a script and what was answered to its lines."""
        self.scripts.append(script)
        for line, answer in zip(script.calls, answers[len(script.begin) :], strict=False):
            target = line.partition("(")[0].rpartition("=")[2].strip()
            self._answers.setdefault(target, []).append(answer)

    def calls(self) -> list[CallCount]:
        """Return the calls by name."""
        return [
            CallCount(target, len(answers), _did_something(answers))
            for target, answers in sorted(self._answers.items())
        ]


def _did_something(answers: Iterable[Answer]) -> int:
    returned = [each for each in answers if not each.raised and not each.ended]
    # What is no plain value is an object of the solution, which answers itself.
    nothing = [each for each in returned if type(each.value) in _PLAIN and not each.value]
    return len(returned) - len(nothing) or len(returned)


def told_apart(
    subject: Subject,
    level: int,
    tally: Tally,
    backend: str,
    attributes: Mapping[str, Sequence[str]],
) -> tuple[list[str], list[str]]:
    """Return the names of the level's known mistakes that some script shows, and of the others."""
    mistakes = [e for e in subject.mistakes if e.level == level and subject.fits(e)]
    scripts = tally.scripts[-MOST_SCRIPTS:]
    shown: list[str] = []
    if mistakes and scripts:
        with Player(subject.problem, subject.references[level], backend, attributes) as reference:
            right = [reference.play(script) for script in scripts]
        for edit in mistakes:
            with Player(subject.problem, subject.edited(edit), backend, attributes) as wrong:
                pairs = zip(scripts, right, strict=True)
                if any(first_difference(a, wrong.play(s)) is not None for s, a in pairs):
                    shown.append(edit.name)
    return shown, [edit.name for edit in mistakes if edit.name not in shown]
