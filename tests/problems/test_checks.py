"""Every built-in problem passes the checks that authors run, and is as its proof says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.authoring.examination import all_checks
from harness.authoring.examiner import Examiner
from harness.authoring.files import read_matrix
from harness.authoring.subject import Subject
from harness.catalog.catalog import core_pack, load_problem_at
from harness.model.finding import Severity
from harness.model.judgement import Suite, Verdict
from harness.plugins import PluginHost

PACK = core_pack()
SLUGS = sorted(path.name for path in (PACK / "problems").iterdir() if path.is_dir())
CHECKS = {check.name: check for check in all_checks(PluginHost())}
SLOW = {"feedback", "known-wrong", "lower-levels", "cheats", "threads"}
"""They judge every known mistake, wait for time limits, or keep the processors busy."""
PROVEN = {"mutation", "needed", "twins", "determinism"}
"""They take minutes; ``proof.toml`` says that they passed with these very files."""


@pytest.fixture(scope="module")
def examiner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Examiner]:
    folder = tmp_path_factory.mktemp("examiner")
    with Examiner(kept=folder / "kept", cache=folder / "cache", workers=1) as examiner:
        yield examiner


@pytest.fixture
def subject(slug: str, examiner: Examiner) -> Subject:
    return Subject(load_problem_at(PACK / "problems" / slug), examiner)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.exhaustive] if name in SLOW else [])
        for name in CHECKS
        if name not in PROVEN
    ],
)
@pytest.mark.parametrize("slug", SLUGS)
def test_no_error_is_found(subject: Subject, name: str) -> None:
    found = list(CHECKS[name].run(subject))
    assert [finding for finding in found if finding.severity is Severity.ERROR] == []
    if name == "wording":
        assert found == [], "the statements are easy to read"


@pytest.mark.exhaustive
@pytest.mark.parametrize("slug", SLUGS)
def test_mistakes_fail_the_cases_that_the_proof_names(subject: Subject) -> None:
    requests = [
        subject.hidden(subject.edited(e), range(e.level, e.level + 1)) for e in subject.mistakes
    ]
    failed = {
        edit.name: {
            outcome.case.partition("::")[2].partition("[")[0]
            for outcome in judgement.outcomes
            if outcome.verdict is not Verdict.ACCEPTED
        }
        for edit, judgement in zip(subject.mistakes, subject.judge_all(requests), strict=True)
    }
    assert failed == {name: set(cases) for name, cases in read_matrix(subject.problem.root).items()}


@pytest.mark.parametrize("suite", list(Suite))
@pytest.mark.parametrize("slug", ["kv_store"])
def test_a_missing_method_is_named_even_when_a_thread_calls_it(
    subject: Subject, suite: Suite
) -> None:
    judgement = subject.judge(subject.request(subject.references[3], [4], suite))
    missing = "AttributeError: 'KVStore' object has no attribute"
    causes = {outcome.message for outcome in judgement.outcomes}
    assert causes == {f"{missing} 'update'", f"{missing} 'view'"}
