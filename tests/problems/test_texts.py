"""The texts of every built-in problem pass the checks that authors run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.authoring.examination import all_checks
from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.catalog import core_pack
from harness.model.finding import Severity
from harness.plugins import PluginHost

PACK = core_pack()
SLUGS = sorted(path.name for path in (PACK / "problems").iterdir() if path.is_dir())

FEEDBACK = pytest.param("feedback", marks=pytest.mark.exhaustive)


@pytest.fixture(scope="module")
def examiner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Examiner]:
    folder = tmp_path_factory.mktemp("examiner")
    with Examiner(kept=folder / "kept", cache=folder / "cache", workers=1) as examiner:
        yield examiner


@pytest.mark.parametrize(
    "name", ["files", "statement", "rules", "examples", "wording", "suspicious", FEEDBACK]
)
@pytest.mark.parametrize("slug", SLUGS)
def test_no_error_is_found(examiner, slug, name):
    check = {each.name: each for each in all_checks(PluginHost())}[name]
    root, template = PACK / "problems" / slug, PACK / "solutions_template" / slug
    subject = Subject.load(root, template, "core", examiner)
    assert [f for f in check.run(subject) if f.severity is Severity.ERROR] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_statements_are_easy_to_read(examiner, slug):
    check = {each.name: each for each in all_checks(PluginHost())}["wording"]
    root, template = PACK / "problems" / slug, PACK / "solutions_template" / slug
    assert list(check.run(Subject.load(root, template, "core", examiner))) == []


def test_no_problem_is_left_out():
    assert SLUGS == ["kv_store", "rate_limiter", "task_scheduler"]
