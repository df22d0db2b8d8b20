"""Reads the attacks on disk, and judges them by the real judge on every ground that works here.

A **ground** is a backend in one of its forms. An **attack** is a file below ``solutions``: the
first line of its docstring says what it tries, the rest of it is TOML (see ``Attack``).
"""

from __future__ import annotations

import ast
import contextlib
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness.judge.judge import Judge
from harness.model.job import Job
from harness.model.judgement import CaseOutcome, Judgement, Suite
from harness.model.manifest import Manifest
from harness.model.plain import from_plain
from harness.model.problem import Problem
from harness.model.snapshot import Snapshot
from harness.model.verdict import Verdict
from harness.sandbox.choice import probe
from harness.testing.leftovers import Leftovers

HERE = Path(__file__).parent
ARENA = HERE / "arena"
LEFTOVER_SECONDS = 5.0
DEFAULT_CASE = "assert attack.attack(HINTS) in (ESCAPED, SECRET)"


MISTAKES = ("NameError", "AttributeError", "ImportError", "ModuleNotFoundError", "TypeError")
"""How an attack ends that is badly written, unless it says that it wants that."""


@dataclass(frozen=True)
class Ground:
    """One backend in one form; ``backend`` is the name by which the judge is told."""

    name: str
    backend: str
    tier: str
    as_plugin: bool = False
    """Whether it is a form that only ``arena/grounds.py`` can ask for."""


GROUNDS = (
    Ground("linux-full", "linux", "full", as_plugin=True),
    Ground("linux-locked", "linux", "locked", as_plugin=True),
    Ground("docker", "docker", "container"),
    Ground("process", "process", "none"),
)
"""A backend joins by a line here; its row in the table follows."""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One hostile solution, and what must come of it."""

    name: str
    group: str
    text: str
    what: str
    safe: str
    """The safe outcome, in words."""
    verdicts: tuple[str, ...] = ("runtime_error",)
    """Any of these is safe. What is heavy may run into the time limit on a busy machine."""
    exempt: tuple[str, ...] = ()
    """Grounds that cannot stop it; it is not even tried there."""
    case: str = DEFAULT_CASE
    """What the suite does; the case is accepted only if the attack has succeeded."""
    alone: bool = False
    """Whether it is the submission itself, and not a module that the case imports."""
    words: str = ""
    """What the message must hold, where an attack could otherwise fail by its own mistake."""
    then: str = "accepted"
    """The verdict of the honest case that follows."""
    files: dict[str, str] = field(default_factory=dict)
    """More files of the submission, when it is alone."""

    @property
    def round(self) -> str:
        """Attacks of one round share a run of the judge, each in boxes of its own."""
        return f"{self.group}-{self.name}" if self.alone else self.group


def read_attack(path: Path) -> Attack:
    text = path.read_text(encoding="utf-8")
    what, _, rest = (ast.get_docstring(ast.parse(text)) or "").partition("\n")
    data = tomllib.loads(rest)
    for name in ("verdicts", "exempt"):
        if name in data:
            data[name] = tuple(data[name])
    return Attack(name=path.stem, group=path.parent.name, text=text, what=what, **data)


ATTACKS = [read_attack(path) for path in sorted(HERE.glob("solutions/*/*.py"))]


def grounds_here() -> list[Ground]:
    """Those that work here. docker is always among them: ``tests/conftest.py`` decides on it."""
    working = {(report.name, report.tier) for report in probe() if report.available}
    return [g for g in GROUNDS if g.backend == "docker" or (g.backend, g.tier) in working]


def _marks(ground: Ground) -> tuple[pytest.MarkDecorator, ...]:
    marks = {"docker": (pytest.mark.docker, pytest.mark.exhaustive)}
    return marks.get(ground.backend, (pytest.mark.exhaustive,) if ground.name == "process" else ())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "attempted" in metafunc.fixturenames:  # what a ground cannot stop is not tried there
        rounds = [
            pytest.param(ground, tried, id=f"{ground.name}-{tried[0].round}", marks=_marks(ground))
            for ground in grounds_here()
            for tried in _rounds(ground)
        ]
        metafunc.parametrize(("ground", "attempted"), rounds)
    elif "ground" in metafunc.fixturenames:
        grounds = [pytest.param(g, id=g.name, marks=_marks(g)) for g in grounds_here()]
        metafunc.parametrize("ground", grounds)


def _rounds(ground: Ground) -> list[list[Attack]]:
    """The attacks that ``ground`` must stop, those that can share a run together."""
    rounds: dict[str, list[Attack]] = {}
    for attack in ATTACKS:
        if ground.name not in attack.exempt:
            rounds.setdefault(attack.round, []).append(attack)
    return list(rounds.values())


@pytest.fixture(scope="session")
def attacks() -> list[Attack]:
    return ATTACKS


@pytest.fixture(scope="session")
def grounds_that_work() -> list[Ground]:
    return grounds_here()


@pytest.fixture(scope="session")
def grounds() -> tuple[Ground, ...]:
    return GROUNDS


@pytest.fixture(scope="session")
def grounds_plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the judge's child finds ``arena/grounds.py`` in, as an installed plugin."""
    folder = tmp_path_factory.mktemp("plugins")
    info = folder / "adversarial_grounds-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: adversarial-grounds\n")
    (info / "entry_points.txt").write_text("[harness]\ngrounds = adversarial_grounds\n")
    (folder / "adversarial_grounds.py").write_text((ARENA / "grounds.py").read_text())
    return folder


@dataclass
class Arena:
    """Judges attacks on one ground, each followed by an honest case."""

    folder: Path
    backend: str

    def fight(self, attacks: Sequence[Attack]) -> list[str]:
        """Judge ``attacks`` in one run; return what went wrong."""
        before = Leftovers()
        if len(attacks) == 1 and attacks[0].alone:
            judgement = self._judge(attacks, _files_of(attacks[0]))
        else:
            judgement = self._judge(attacks, _files_of_all(attacks))
        return [*_complaints(attacks, judgement), *before.found(seconds=LEFTOVER_SECONDS)]

    def _judge(self, attacks: Sequence[Attack], files: dict[str, str]) -> Judgement:
        level = self.folder / "level1"
        level.mkdir(exist_ok=True)
        (level / "test_hidden.py").write_text(suite_of(attacks), encoding="utf-8")
        encoded = {name: text.encode() for name, text in files.items()}
        job = Job(
            problem=_problem(self.folder),
            snapshot=Snapshot(files=encoded),
            suite=Suite.HIDDEN,
            levels=(1,),
        )
        with contextlib.closing(Judge(self.backend)) as judge:
            return judge.judge(job)


@pytest.fixture
def arena(
    ground: Ground,
    tmp_path: Path,
    grounds_plugin: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Arena:
    if ground.backend == "docker":
        request.getfixturevalue("docker_image")
    monkeypatch.setattr(sys, "path", [*sys.path, str(grounds_plugin)])
    return Arena(tmp_path, ground.name if ground.as_plugin else ground.backend)


def suite_of(attacks: Sequence[Attack]) -> str:
    """The hidden suite: for each attack its case, then the honest one."""
    parts = [(ARENA / "suite.py").read_text(encoding="utf-8")]
    for number, attack in enumerate(attacks):
        target = "solution" if attack.alone else f"solution.load({attack.name!r})"
        lines = [f"attack = {target}", *attack.case.strip().splitlines()]
        body = "".join(f"    {line}\n" for line in lines)
        parts.append(f"def test_{number:03}_{attack.name}():\n{body}")
        parts.append(f"def test_{number:03}_then():\n    the_honest_part()\n")
    parts.append("def test_the_judge_is_as_it_was():\n    the_judge_is_as_it_was()\n")
    return "\n\n".join(parts)


def _files_of(attack: Attack) -> dict[str, str]:
    return {"solution.py": f"{attack.text}\n\n{_arena('honest')}", **attack.files}


def _files_of_all(attacks: Sequence[Attack]) -> dict[str, str]:
    ours = {"solution.py": f"{_arena('solution')}\n\n{_arena('honest')}"}
    helpers = {f"{name}.py": _arena(name) for name in ("kernel", "wire")}
    return {**ours, **helpers, **{f"attack_{attack.name}.py": attack.text for attack in attacks}}


def _arena(name: str) -> str:
    return (ARENA / f"{name}.py").read_text(encoding="utf-8")


def _complaints(attacks: Sequence[Attack], judgement: Judgement) -> list[str]:
    if judgement.error:
        return [f"the judge failed: {judgement.error}"]
    outcomes = {o.case.removeprefix("level1::test_"): o for o in judgement.outcomes}
    complaints = []
    for number, attack in enumerate(attacks):
        first, then = outcomes[f"{number:03}_{attack.name}"], outcomes[f"{number:03}_then"]
        if first.verdict is Verdict.ACCEPTED or first.verdict.value not in attack.verdicts:
            complaints.append(f"{attack.name}: {_told(first)}")
        if _is_no_attack(attack, first):
            complaints.append(f"{attack.name} is no attack: {_told(first)}")
        if then.verdict.value != attack.then:
            complaints.append(f"after {attack.name}: {_told(then)}")
    last = outcomes["the_judge_is_as_it_was"]
    if last.verdict is not Verdict.ACCEPTED and attacks[0].then == Verdict.ACCEPTED:
        complaints.append(f"the judge is not as it was: {_told(last)}")
    return complaints


def _is_no_attack(attack: Attack, outcome: CaseOutcome) -> bool:
    if attack.words:
        return attack.words not in outcome.message
    return outcome.message.startswith(MISTAKES)


def _told(outcome: CaseOutcome) -> str:
    return f"{outcome.verdict} {outcome.message} {outcome.output[:200]!r}"


def _problem(folder: Path) -> Problem:
    data = tomllib.loads((ARENA / "problem.toml").read_text(encoding="utf-8"))
    manifest = from_plain(Manifest, data)
    return Problem(manifest=manifest, root=folder, template=folder, content_hash="0" * 64)
