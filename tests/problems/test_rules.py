"""No rule can be taken out of a statement unnoticed."""

from __future__ import annotations

import pytest

from harness.authoring.checks.rules import RuleBook, rules
from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.catalog.catalog import core_pack, load_problem_at
from harness.model.finding import Severity
from harness.model.rules import RuleKind, plain

PACK = core_pack()
SLUGS = sorted(path.name for path in (PACK / "problems").iterdir() if path.is_dir())


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("slug", SLUGS)
def test_every_rule_that_is_taken_out_is_named_with_a_case(slug, step, monkeypatch):
    with Examiner(workers=1) as examiner:
        subject = Subject(load_problem_at(PACK / "problems" / slug), examiner)
        whole = RuleBook.of(subject.problem)
        removed = [rule for rule in whole.rules if rule.kind is RuleKind.RULE]
        assert len(removed) > 40
        for rule in removed[::step]:
            rest = RuleBook(each for each in whole.rules if each is not rule)
            monkeypatch.setattr(RuleBook, "of", lambda problem, rest=rest: rest)
            errors = [f for f in rules(subject) if f.severity is Severity.ERROR]
            named = [f.message for f in errors if rule.plain in plain(f.message)]
            assert named, f"nothing notices that this is missing: {rule.text}"
            assert any("test_" in message for message in named)
