"""How to get a better sandbox: what stands in the way on this machine, and the command for it."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable
from pathlib import Path
from typing import Self

from harness.app.trials.trial import BackendTrial
from harness.model.frozen import frozen

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
        "This system allows no user namespace at all",
        "sudo sysctl -w user.max_user_namespaces=10000",
    ),
)
"""Name, the value that forbids, what that means, and the way out."""
_UNTIL = "until the next start or, by the same setting in /etc/sysctl.d/, for good"
_MARKS_OF_CONTAINERS = ("/.dockerenv", "/run/.containerenv")


@frozen
class Machine:
    """What the advice depends on."""

    system: str
    """As ``platform.system()`` says."""
    release: str
    """Of the kernel."""
    read: Callable[[str], str]
    """Returns a file's text, empty when it is not there."""
    in_container: bool = False
    """Whether we run in a container ourselves."""

    @classmethod
    def here(cls) -> Self:
        """Look at the machine we run on."""
        in_container = any(os.path.exists(mark) for mark in _MARKS_OF_CONTAINERS)
        return cls(platform.system(), platform.release(), _text_of, in_container)

    def setting(self, name: str) -> str:
        """Return a setting of the kernel's, empty when it has none of this name."""
        return self.read(f"/proc/sys/{name.replace('.', '/')}").strip()


def advise(trial: BackendTrial, machine: Machine) -> str:
    """Return what can be done to make a backend work that does not; empty when that is unknown."""
    if trial.backend != "linux":
        return "" if trial.hint == "harness doctor" else trial.hint
    if machine.system != "Linux":
        return (
            f"{machine.system} has none of its locks. Judge in a Linux virtual machine, or on a "
            "Linux server: there boxes are really tight."
        )
    if "self-test" in trial.problem:
        return (
            "This is a hole in the sandbox. Please report it, as docs/security.md says, with all "
            "of this text."
        )
    if "processor" in trial.problem:
        return "It runs on x86-64 and aarch64."
    if "Landlock" in trial.problem:
        return _advise_on_landlock(machine)
    if "only root can read" in trial.problem:
        return (
            "Run harness by an interpreter that everybody can read, not one below /root:\n"
            "/usr/bin/python3 -m venv /opt/harness\n"
            "/opt/harness/bin/pip install progressive-harness"
        )
    return _advise_on_namespaces(machine) if trial.tier == "full" else ""


def _advise_on_landlock(machine: Machine) -> str:
    found = re.match(r"(\d+)\.(\d+)", machine.release)
    if found and (int(found[1]), int(found[2])) < _LANDLOCK_SINCE:
        return f"This kernel is {machine.release}. Upgrade it to 5.13 or newer."
    modules = machine.read("/sys/kernel/security/lsm").strip()
    if modules and "landlock" not in modules.split(","):
        return (
            "The kernel is new enough, but Landlock is switched off. Put this into "
            "GRUB_CMDLINE_LINUX in /etc/default/grub, type `sudo update-grub`, and start again:\n"
            f"lsm=landlock,{modules}"
        )
    if machine.in_container:
        return "The container or its emulated kernel has no Landlock. Run harness outside of it."
    return "The kernel was built without Landlock (CONFIG_SECURITY_LANDLOCK). Take another one."


def _advise_on_namespaces(machine: Machine) -> str:
    for name, forbidding, meaning, command in _SETTINGS_OF_NAMESPACES:
        if machine.setting(name) == forbidding:
            return f"{meaning}. Allow them, {_UNTIL}:\n{command}"
    if machine.in_container:
        return (
            "The container around harness forbids namespaces. Run harness outside of it, or start "
            "the container with:\n"
            "--security-opt seccomp=unconfined --security-opt apparmor=unconfined"
        )
    return "Something forbids namespaces here. This tries one:\nunshare --user --map-root-user true"


def _text_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
