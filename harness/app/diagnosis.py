"""What ``harness doctor`` reports. Nothing here may fail: whatever is broken becomes a line."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import harness
from harness.app.advice import Machine, advise
from harness.app.probe import SHOWN_ACTS, BackendProbe, probe_backends
from harness.errors import HarnessError
from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.problem import BrokenProblem
from harness.sandbox.choice import AUTO, known_backends
from harness.settings import CONFIG_NAME, config_path, describe_settings, suspicious_variables
from harness.words import count_text, sandbox_text

if TYPE_CHECKING:
    from harness.app.session import Session

_PACKAGES = ("click", "docker", "platformdirs", "pluggy", "pytest", "rich")


@frozen(kw_only=True)
class Fact:
    """One line: what was looked at, what was found, and whether it is in order."""

    name: str
    value: str
    ok: bool = True


@frozen(kw_only=True)
class BackendFinding:
    """One form of one backend, and what it comes to here."""

    name: str
    """As a person reads it."""
    trial: BackendProbe
    judges: bool
    """Whether it is the one that the settings choose."""
    matters: bool
    """False when it does not work, and a better one does."""
    advice: str
    """How to make it work; empty when it does, when it does not matter, or when unknown."""


@frozen(kw_only=True)
class Diagnosis:
    """Everything a bug report needs; also the ``--json`` form."""

    versions: tuple[Fact, ...]
    settings: tuple[Fact, ...]
    record: tuple[Fact, ...]
    """Home, database, attempts that cannot be read."""
    packs: tuple[Fact, ...]
    plugins: tuple[Fact, ...]
    acts: tuple[Mapping[str, Any], ...]
    """What was tried in a box of each backend: name, group, text, meaning and known_in."""
    backends: tuple[BackendFinding, ...]
    """The best protected first."""
    last_judged: str
    """What judged last, in words; empty when nothing was judged yet."""
    can_judge: bool
    """Whether the backend that the settings choose works, and denies all it promises to."""


def diagnose(session: Session, environ: Mapping[str, str]) -> Diagnosis:
    """Look at everything, and try every act in a box of every backend."""
    keys = ("name", "group", "text", "meaning", "known_in")
    record = _record(session)
    backends = _backends(session)  # after the record was made, if it was not there
    return Diagnosis(
        versions=_versions(),
        settings=_settings(environ),
        record=record,
        packs=_packs(session),
        plugins=_plugins(session),
        acts=tuple({key: getattr(act, key) for key in keys} for act in SHOWN_ACTS),
        backends=backends,
        last_judged=_last_judged(session),
        can_judge=any(each.judges and not each.trial.leaks for each in backends),
    )


def _versions() -> tuple[Fact, ...]:
    found = [
        Fact(name="harness", value=harness.__version__),
        Fact(
            name="python",
            value=f"{platform.python_implementation()} {platform.python_version()}",
        ),
        Fact(name="interpreter", value=sys.executable),
        Fact(name="system", value=f"{platform.system()} {platform.release()}"),
        Fact(name="machine", value=f"{platform.machine()}, {os.cpu_count()} processors"),
    ]
    for package in _PACKAGES:
        try:
            found.append(Fact(name=package, value=version(package)))
        except PackageNotFoundError:
            found.append(Fact(name=package, value="not installed", ok=False))
    return tuple(found)


def _settings(environ: Mapping[str, str]) -> tuple[Fact, ...]:
    lines = [
        Fact(name=line.name, value=f"{line.value}  ({line.source})")
        for line in describe_settings(environ)
    ]
    odd = [Fact(name="?", value=text, ok=False) for text in suspicious_variables(environ)]
    path = config_path(environ)
    standing = "read" if os.path.isfile(path) else "not there"
    config = Fact(name=CONFIG_NAME, value=f"{path}  ({standing})")
    return (config, *lines, *odd)


def _record(session: Session) -> tuple[Fact, ...]:
    home = session.settings.home
    try:
        attempts, damaged = session.store.all_and_damaged()
    except HarnessError as error:
        return (_failed(str(home), error),)
    opened = sum(state.is_open for state in attempts)
    summary = f"{count_text(len(attempts), 'attempt')}, {opened} open"
    return (
        Fact(name=str(home), value=summary),
        *(_failed("attempt", error) for error in damaged),
    )


def _packs(session: Session) -> tuple[Fact, ...]:
    try:
        packs, problems = session.catalog.packs, session.catalog.problems()
    except HarnessError as error:
        return (_failed("packs", error),)
    found = []
    for pack in packs:
        good = [
            p.slug for p in problems if p.pack == pack.name and not isinstance(p, BrokenProblem)
        ]
        found.append(Fact(name=pack.name, value=f"{pack.path}: {', '.join(good) or 'empty'}"))
    broken = [problem for problem in problems if isinstance(problem, BrokenProblem)]
    return (*found, *(_failed(f"{each.pack}/{each.slug}", each.error) for each in broken))


def _plugins(session: Session) -> tuple[Fact, ...]:
    good = [Fact(name=name, value="loaded") for name in session.plugins.names]
    bad = [Fact(name=p.plugin, value=p.text, ok=False) for p in session.plugins.problems]
    return (*good, *bad)


def _backends(session: Session) -> tuple[BackendFinding, ...]:
    wanted, machine = session.settings.backend, Machine.here()
    found: list[BackendFinding] = []
    suite, home = _hidden_suite(session), session.settings.home
    for trial in probe_backends(known_backends(wanted), suite, home):
        is_wanted = wanted in (AUTO, trial.backend)
        # Without a weaker one nothing is missing where a better one works.
        missed = is_wanted and not any(each.judges and each.trial.certified for each in found)
        matters = trial.works or missed
        found.append(
            BackendFinding(
                name=sandbox_text(trial.backend, trial.tier),
                trial=trial,
                judges=is_wanted and trial.works and not any(each.judges for each in found),
                matters=matters,
                advice=advise(trial, machine) if matters and not trial.works else "",
            )
        )
    return tuple(found)


def _hidden_suite(session: Session) -> Path:
    """Return a hidden suite of this installation, or where there would be one."""
    try:
        folder = session.catalog.packs[0].path / "problems"
    except HarnessError:
        folder = Path("problems")
    return next(folder.glob("*/level1/test_hidden.py"), folder / "test_hidden.py")


def _last_judged(session: Session) -> str:
    try:
        for state in session.store.all():
            hidden = [
                each.judgement
                for each in session.store.judgements(state.id)
                if each.judgement.suite is Suite.HIDDEN and each.judgement.backend
            ]
            if hidden:
                last = hidden[-1]
                sandbox = sandbox_text(last.backend, last.tier)
                return f"{sandbox}, {last.interpreter} (attempt {state.id})"
    except HarnessError as error:
        return f"unknown: {error.message}"
    return ""


def _failed(name: str, error: HarnessError) -> Fact:
    return Fact(name=name, value=error.message, ok=False)
