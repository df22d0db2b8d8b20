"""Brings foreign exercises into a pack, and judges what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from harness.authoring.examination import CHECKS, examine
from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.importing.exercise import Imported, import_exercise
from tests.importing.foreign import write_exercise


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., Imported]:
    """Import an exercise, given as path → text, into a pack in a folder below ``tmp_path``."""

    def bring(files: Mapping[str, str], slug: str = "", folder: str = ".") -> Imported:
        exercise = write_exercise(files, tmp_path / folder / "my_exercise")
        return import_exercise(exercise, tmp_path / folder / "pack", slug)

    return bring


@pytest.fixture(scope="module")
def findings() -> Iterator[Callable[[Imported], list[str]]]:
    """Return what the checks say that judge the references and the skeleton."""
    checks = [c for c in CHECKS if c.name in {"references", "steps", "skeleton"}]
    assert len(checks) == 3
    with Examiner(workers=1) as examiner:

        def findings(found: Imported) -> list[str]:
            results = examine(Subject(found.problem, examiner), checks)
            return [finding.message for result in results for finding in result.findings]

        yield findings
