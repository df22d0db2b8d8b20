"""Read the attacks, and judge them with the real judge on every ground that works here.

A **ground** is a backend in one of its forms. An **attack** is a function in a file below
``attacks``, a file for each group. Its decorator says what must come of it (see ``Attack``), its
docstring what it tries. A file begins with outcomes that several attacks share, as partial
decorators. A group is submitted as a whole, and each attack runs in its own box.
"""

from __future__ import annotations

import ast
import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from harness.judge.judge import Judge
from harness.model.judgement import CaseOutcome, Judgement, Suite, Verdict
from harness.model.limits import Limits
from harness.model.manifest import LevelSpec, Symbols
from harness.model.problem import Boxes, Problem, Request, Snapshot
from harness.testing.leftovers import Leftovers
from tests.making import make_problem
from tests.tiers import refusal

HERE = Path(__file__).parent
LEFTOVER_SECONDS = 5.0
DEFAULT_CASE = "assert attack(HINTS) in (ESCAPED, SECRET)"
BLUNDERS = ("NameError", "AttributeError", "ImportError", "ModuleNotFoundError", "TypeError")
"""How a badly written attack ends; one that means to end so has ``words``."""


@dataclass(frozen=True)
class Ground:
    """One backend in one form; ``backend`` is the name that the judge knows."""

    name: str
    backend: str
    tier: str
    as_plugin: bool = False
    """Whether only ``arena/grounds.py`` can ask for this form."""
    boxes: Boxes = "fresh"


GROUNDS = (
    Ground("linux-full", "linux", "full", as_plugin=True),
    Ground("linux-locked", "linux", "locked", as_plugin=True),
    Ground("linux-shared", "linux", "full", boxes="shared"),
    Ground("docker", "docker", "container"),
    Ground("process", "process", "none"),
)
"""To add a backend, add a line here."""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One hostile function, and what must come of it."""

    name: str
    group: str
    safe: str
    """The safe outcome, in words."""
    verdicts: Sequence[str] = ("runtime_error",)
    """The safe verdicts. A heavy attack may also run into the time limit on a busy machine."""
    exempt: Sequence[str] = ()
    """Grounds that cannot stop it; it is not even tried there."""
    case: str = DEFAULT_CASE
    """The body of the case; it passes only if the attack succeeds.

    An attack whose only safe end is an exception need not answer: to return is to succeed, since
    wrong_answer is then no safe verdict.
    """
    on_import: bool = False
    """Whether it runs while the solution is imported, before the case calls anything."""
    words: str = ""
    """Part of the message, where a mistake in the attack could have the same verdict."""
    then: str = "accepted"
    """The verdict of the honest case that follows."""
    files: dict[str, str] = field(default_factory=dict)
    """More files of the submission, for an attack on import."""

    @property
    def round(self) -> str:
        """Attacks of one round share a run of the judge."""
        return f"{self.group}-{self.name}" if self.on_import else self.group


def read_group(path: Path) -> Iterator[Attack]:
    """Read the attacks of a group as syntax: none of their code runs outside a box."""
    decorators: dict[str, dict[str, Any]] = {"attack": {}}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.Assign([ast.Name(name)], ast.Call(ast.Name("partial"), [ast.Name(), safe])):
                decorators[name] = _fields([safe], node.value.keywords)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for mark in node.decorator_list:
                    shared = decorators[mark.func.id]
                    fields = shared | _fields(mark.args, mark.keywords)
                    yield Attack(name=node.name, group=path.stem, **fields)


def _fields(safe: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> dict[str, Any]:
    nodes = [*(("safe", each) for each in safe), *((each.arg, each.value) for each in keywords)]
    return {
        name: eval(compile(ast.Expression(node), "an attack's decorator", "eval"), {})
        for name, node in nodes
    }


ATTACKS = [attack for path in sorted(HERE.glob("attacks/*.py")) for attack in read_group(path)]


def grounds_here() -> list[Ground]:
    """Return those that work here, and docker: ``tests/conftest.py`` decides whether it runs."""
    return [g for g in GROUNDS if g.backend == "docker" or not refusal(g.tier)]


def _marks(ground: Ground) -> tuple[pytest.MarkDecorator, ...]:
    marks = {"docker": (pytest.mark.docker, pytest.mark.exhaustive)}
    is_rare = ground.name in ("process", "linux-shared")
    return marks.get(ground.backend, (pytest.mark.exhaustive,) if is_rare else ())


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
    """Return the attacks that ``ground`` must stop; those that can share a run are together."""
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
    """Return a folder in which the judge's child finds ``arena/grounds.py`` as a plugin."""
    folder = tmp_path_factory.mktemp("plugins")
    info = folder / "adversarial_grounds-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: adversarial-grounds\n")
    (info / "entry_points.txt").write_text("[harness]\ngrounds = adversarial_grounds\n")
    (folder / "adversarial_grounds.py").write_text(_text("arena/grounds.py"))
    return folder


@dataclass
class Arena:
    """Judges attacks on one ground, each followed by an honest case."""

    folder: Path
    backend: str
    boxes: Boxes

    def fight(self, attacks: Sequence[Attack]) -> list[str]:
        """Judge ``attacks`` in one run; return what went wrong."""
        before = Leftovers()
        judgement = self._judge(attacks)
        return [*_complaints(attacks, judgement), *before.found(seconds=LEFTOVER_SECONDS)]

    def _judge(self, attacks: Sequence[Attack]) -> Judgement:
        level = self.folder / "level1"
        level.mkdir(exist_ok=True)
        (level / "test_hidden.py").write_text(_suite(attacks), encoding="utf-8")
        files = {name: text.encode() for name, text in _submission(attacks).items()}
        request = Request(
            problem=_problem(self.folder),
            snapshot=Snapshot(files=files),
            suite=Suite.HIDDEN,
            levels=(1,),
            boxes=self.boxes,
        )
        with contextlib.closing(Judge(self.backend)) as judge:
            return judge.judge(request)


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
    return Arena(tmp_path, ground.name if ground.as_plugin else ground.backend, ground.boxes)


def _suite(attacks: Sequence[Attack]) -> str:
    """Return the hidden suite: for each attack its case, then the honest one."""
    parts = [_text("arena/suite.py")]
    for number, attack in enumerate(attacks):
        group = f"solution.load({attack.group!r})"
        target = "solution.attack" if attack.on_import else f"{group}.{attack.name}"
        lines = [f"attack = {target}", *attack.case.strip().splitlines()]
        body = "".join(f"    {line}\n" for line in lines)
        parts.append(f"def test_{number:03}_{attack.name}():\n{body}")
        parts.append(f"def test_{number:03}_then():\n    the_honest_part()\n")
    parts.append("def test_the_judge_is_as_it_was():\n    the_judge_is_as_it_was()\n")
    return "\n\n".join(parts)


def _submission(attacks: Sequence[Attack]) -> dict[str, str]:
    """Return the files to judge: an attack on import, or a group."""
    [first, *_] = attacks
    group = _text(f"attacks/{first.group}.py")
    around = f"{group}\n\n{first.name}()" if first.on_import else _text("arena/solution.py")
    return {
        "solution.py": f"{around}\n\n{_text('arena/honest.py')}",
        f"attack_{first.group}.py": group,
        **{f"{name}.py": _text(f"arena/{name}.py") for name in ("marks", "kernel", "wire")},
        **first.files,
    }


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _complaints(attacks: Sequence[Attack], judgement: Judgement) -> list[str]:
    if judgement.error:
        return [f"the judge failed: {judgement.error}"]
    outcomes = {o.case.removeprefix("level1::test_"): o for o in judgement.outcomes}
    complaints = []
    for number, attack in enumerate(attacks):
        first, then = outcomes[f"{number:03}_{attack.name}"], outcomes[f"{number:03}_then"]
        if first.verdict is Verdict.ACCEPTED or first.verdict.value not in attack.verdicts:
            complaints.append(f"{attack.name}: {_shown(first)}")
        if _is_a_blunder(attack, first):
            complaints.append(f"{attack.name} is badly written: {_shown(first)}")
        if then.verdict.value != attack.then:
            complaints.append(f"after {attack.name}: {_shown(then)}")
    last = outcomes["the_judge_is_as_it_was"]
    if last.verdict is not Verdict.ACCEPTED and attacks[0].then == Verdict.ACCEPTED:
        complaints.append(f"the judge is not as before: {_shown(last)}")
    return complaints


def _is_a_blunder(attack: Attack, outcome: CaseOutcome) -> bool:
    if attack.words:
        return attack.words not in outcome.message
    return outcome.message.startswith(BLUNDERS)


def _shown(outcome: CaseOutcome) -> str:
    return f"{outcome.verdict} {outcome.message} {outcome.output[:200]!r}"


def _problem(folder: Path) -> Problem:
    symbols = Symbols(
        functions=("load", "honest"),
        classes={"Thing": ("work",)},
        exceptions={"OddError": "ValueError"},
    )
    one = LevelSpec(id="one", title="One", summary="One.", minutes=5, points=10, symbols=symbols)
    limits = Limits(wall_seconds=0.5, cpu_seconds=2, memory_bytes=128 << 20, output_bytes=64 << 10)
    return make_problem("arena", [one], root=folder, template=folder, limits=limits)
