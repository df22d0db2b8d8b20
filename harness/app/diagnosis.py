"""What ``harness doctor`` reports, and its advice on how to get a better sandbox.

Nothing here may fail: whatever is broken becomes a line.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import harness
from harness.app.probe import SHOWN_ACTS, BackendProbe, probe_backends
from harness.app.session import Session
from harness.errors import HarnessError, SandboxFault
from harness.guest.landlock import NEWEST_ABI, abi_version
from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.problem import BrokenProblem
from harness.sandbox.choice import AUTO, known_backends
from harness.settings import CONFIG_NAME, config_path, describe_settings, suspicious_variables
from harness.words import count_text, sandbox_text

_PACKAGES = ("click", "docker", "platformdirs", "pluggy", "pytest", "rich")
_LANDLOCK_SINCE = (5, 13)
_SETTINGS_OF_NAMESPACES = (
    (
        "kernel.apparmor_restrict_unprivileged_userns",
        "1",
        "AppArmor forbids user namespaces to ordinary programs",
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    (
        "kernel.unprivileged_userns_clone",
        "0",
        "This system forbids user namespaces to ordinary users",
        "sudo sysctl -w kernel.unprivileged_userns_clone=1",
    ),
    (
        "user.max_user_namespaces",
        "0",
        "This system allows no user namespaces",
        "sudo sysctl -w user.max_user_namespaces=10000",
    ),
)
"""Name, the value that forbids them, what that means, and the command that allows them."""
_IN_CONTAINER = os.path.exists("/.dockerenv") or os.path.exists("/run/.containerenv")


@frozen
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
        Fact("harness", harness.__version__),
        Fact("python", f"{platform.python_implementation()} {platform.python_version()}"),
        Fact("interpreter", sys.executable),
        Fact("system", f"{platform.system()} {platform.release()}"),
        Fact("machine", f"{platform.machine()}, {os.cpu_count()} processors"),
        *_landlock(),
    ]
    for package in _PACKAGES:
        try:
            found.append(Fact(package, version(package)))
        except PackageNotFoundError:
            found.append(Fact(package, "not installed", ok=False))
    return tuple(found)


def _landlock() -> tuple[Fact, ...]:
    """Tell which rights the kernel can take from a box; nothing on systems that have no such lock.

    What it lacks is a fact of this machine, not a fault: the backends say whether they can do.
    """
    if platform.system() != "Linux":
        return ()
    abi = abi_version()
    more = f"  (newer kernels have up to {NEWEST_ABI})" if abi < NEWEST_ABI else ""
    return (Fact("Landlock", f"ABI {abi}{more}" if abi else "none"),)


def _settings(environ: Mapping[str, str]) -> tuple[Fact, ...]:
    lines = [
        Fact(name, f"{value}  ({source})") for name, value, source in describe_settings(environ)
    ]
    odd = [Fact("?", text, ok=False) for text in suspicious_variables(environ)]
    path = config_path(environ)
    standing = "read" if os.path.isfile(path) else "not there"
    config = Fact(CONFIG_NAME, f"{path}  ({standing})")
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
        Fact(str(home), summary),
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
        found.append(Fact(pack.name, f"{pack.path}: {', '.join(good) or 'empty'}"))
    broken = [problem for problem in problems if isinstance(problem, BrokenProblem)]
    return (*found, *(_failed(f"{each.pack}/{each.slug}", each.error) for each in broken))


def _plugins(session: Session) -> tuple[Fact, ...]:
    good = [Fact(name, "loaded") for name in session.plugins.names]
    bad = [Fact(p.plugin, p.text, ok=False) for p in session.plugins.problems]
    return (*good, *bad)


def _backends(session: Session) -> tuple[BackendFinding, ...]:
    wanted = session.settings.backend
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
                advice=advise(trial) if matters and not trial.works else "",
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
    return Fact(name, error.message, ok=False)


def _text_of(path: str) -> str:
    """Return a file's text, empty when there is no such file."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def advise(
    probe: BackendProbe,
    *,
    system: str = platform.system(),
    release: str = platform.release(),
    read: Callable[[str], str] = _text_of,
    in_container: bool = _IN_CONTAINER,
) -> str:
    """Return how to make a backend work; empty when that is unknown.

    The other arguments describe the machine: its system, the release of its kernel, the texts of
    its files, and whether harness itself runs in a container.
    """
    if probe.backend != "linux":
        return probe.hint
    match probe.fault:
        case SandboxFault.WRONG_SYSTEM:
            return (
                f"{system} has none of its locks. Judge in a Linux virtual machine or on "
                "a Linux server: full isolation is available there."
            )
        case SandboxFault.UNKNOWN_PROCESSOR:
            return "It runs on x86-64 and aarch64."
        case SandboxFault.NO_LANDLOCK:
            return _advise_on_landlock(release, read, in_container)
        case SandboxFault.PRIVATE_INTERPRETER:
            return (
                "Run harness with an interpreter that everybody can read, not one below /root:\n"
                "/usr/bin/python3 -m venv /opt/harness\n"
                "/opt/harness/bin/pip install progressive-harness"
            )
        case SandboxFault.FAILED_SELF_TEST:
            return (
                "This is a hole in the sandbox. Please report it as docs/security.md says, with "
                "all of this text."
            )
    return _advise_on_namespaces(read, in_container) if probe.tier == "full" else ""


def _advise_on_landlock(release: str, read: Callable[[str], str], in_container: bool) -> str:
    found = re.match(r"(\d+)\.(\d+)", release)
    if found and (int(found[1]), int(found[2])) < _LANDLOCK_SINCE:
        return f"This kernel is {release}. Upgrade it to 5.13 or newer."
    modules = read("/sys/kernel/security/lsm").strip()
    if modules and "landlock" not in modules.split(","):
        return (
            "The kernel is new enough, but Landlock is switched off. Put this into "
            "GRUB_CMDLINE_LINUX in /etc/default/grub, run `sudo update-grub`, and restart:\n"
            f"lsm=landlock,{modules}"
        )
    if in_container:
        return "The container or its emulated kernel has no Landlock. Run harness outside it."
    return "This kernel was built without Landlock (CONFIG_SECURITY_LANDLOCK). Use one that has it."


def _advise_on_namespaces(read: Callable[[str], str], in_container: bool) -> str:
    for name, forbidding, meaning, command in _SETTINGS_OF_NAMESPACES:
        if read(f"/proc/sys/{name.replace('.', '/')}").strip() == forbidding:
            return (
                f"{meaning}. Allow them until the next restart (for good: put the setting into "
                f"/etc/sysctl.d/):\n{command}"
            )
    if in_container:
        return (
            "The container around harness forbids namespaces. Run harness outside it, or start "
            "the container with:\n"
            "--security-opt seccomp=unconfined --security-opt apparmor=unconfined"
        )
    return (
        "Something forbids namespaces here. Try to make one:\nunshare --user --map-root-user true"
    )
