"""What suites pass and references answer is of the kinds that the signatures state.

Seen while the references run, so that loops, helpers and random data count, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.authoring.checks.watching import watched_cases
from harness.authoring.subject import Subject
from harness.authoring.suites import suites_of
from harness.model.finding import Finding


def kinds(subject: Subject) -> Iterator[Finding]:
    """No value that goes in or comes out is of another kind than the statements say."""
    sources = {(source.level, source.suite): source for source in suites_of(subject.problem)}
    said = set()
    for seen in watched_cases(subject):
        cases = {case.name: case for case in sources[seen.level, seen.suite].cases}
        for name, place, value in seen.misfits:
            about = (seen.level, seen.suite, name, place)
            if about in said or seen.function not in cases:
                continue
            said.add(about)
            what = f"{seen.function} passes {value} to {name} as {place}"
            if not place:
                what = f"The reference answers {value} to {name} in {seen.function}"
            yield cases[seen.function].finding(
                f"{what}, which is of another kind than the statements say.",
                "A solution that keeps to the stated kinds could fail.",
                "pass what is stated, or correct the signature"
                if place
                else "correct the reference, or the signature",
            )
