"""Builds tiny problems and judges solutions of them in real boxes."""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.judge.judge import Judge
from harness.model.judgement import CaseOutcome, Judgement, Suite
from harness.model.manifest import Manifest
from harness.model.problem import Problem, Request, Snapshot


class Bench:
    """Judges one suite and one solution given as text."""

    def __init__(self, folder: Path, backend: str = "auto") -> None:
        self.folder = folder
        self.backend = backend
        self.statement = ""
        self.reference = ""
        """The reference solution; without one nobody can say who is to blame for a failure."""

        self.symbols: dict[str, object] = {
            "functions": ["f"],
            "classes": {"Thing": ["work"], "KVStore": ["__contains__"]},
            "exceptions": {"OddError": "ValueError"},
        }

    def problem(self, suite: str, **limits: float) -> Problem:
        level = self.folder / "level1"
        level.mkdir(exist_ok=True)
        text = "import pytest\nimport solution\n" + textwrap.dedent(suite)
        for name in ("hidden", "visible"):
            (level / f"test_{name}.py").write_text(text)
        manifest = Manifest.from_table(
            {
                "format": 1,
                "slug": "tiny",
                "version": "1.0.0",
                "title": "Tiny",
                "summary": "A tiny problem.",
                "authors": ["us"],
                "license": "MIT",
                "limits": limits,
                "levels": [
                    {
                        "id": "one",
                        "title": "One",
                        "summary": "One.",
                        "minutes": 5,
                        "points": 10,
                        "symbols": self.symbols,
                    }
                ],
            },
        )
        files = {"problem/level1/statement.md": self.statement.encode()}
        if self.reference:
            text = textwrap.dedent(self.reference)
            files["problem/reference/level1/solution.py"] = text.encode()
        return Problem(
            manifest=manifest,
            root=self.folder,
            template=self.folder,
            content=Snapshot(files=files),
        )

    def judge(
        self, suite: str, solution: str | dict[str, str], *, select: str = "", **limits: float
    ) -> Judgement:
        request = self.request(suite, solution, select=select, **limits)
        with contextlib.closing(Judge(self.backend, cache=self.folder / "cache")) as judge:
            return judge.judge(request)

    def request(
        self, suite: str, solution: str | dict[str, str], *, select: str = "", **limits: float
    ) -> Request:
        files = {"solution.py": solution} if isinstance(solution, str) else solution
        encoded = {name: textwrap.dedent(text).encode() for name, text in files.items()}
        return Request(
            problem=self.problem(suite, **limits),
            snapshot=Snapshot(files=encoded),
            suite=Suite.HIDDEN,
            levels=(1,),
            select=select,
        )

    def outcomes(
        self, suite: str, solution: str | dict[str, str], **limits: float
    ) -> dict[str, CaseOutcome]:
        """Outcomes by the case's function name; fails when the judge itself failed."""
        judgement = self.judge(suite, solution, **limits)
        assert judgement.error == ""
        return {o.case.removeprefix("level1::"): o for o in judgement.outcomes}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture(params=["linux", pytest.param("docker", marks=pytest.mark.docker), "process"])
def each_bench(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], Bench]:
    if request.param == "docker":
        request.getfixturevalue("docker_image")
    return Bench(tmp_path, request.param)
