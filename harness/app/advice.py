"""How to get a better sandbox: what is in the way on this machine, and the command for it."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable
from pathlib import Path
from typing import Self

from harness.app.probe import BackendProbe
from harness.errors import SandboxFault
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
        "This system allows no user namespaces",
        "sudo sysctl -w user.max_user_namespaces=10000",
    ),
)
"""Name, the value that forbids them, what that means, and the command that allows them."""
_MARKS_OF_CONTAINERS = ("/.dockerenv", "/run/.containerenv")


@frozen
class Machine:
    """What the advice depends on."""

    system: str
    """As ``platform.system()`` says."""
    release: str
    """Of the kernel."""
    read: Callable[[str], str]
    """Returns a file's text, empty when there is no such file."""
    in_container: bool = False
    """Whether harness itself runs in a container."""

    @classmethod
    def here(cls) -> Self:
        """Look at this machine."""
        in_container = any(os.path.exists(mark) for mark in _MARKS_OF_CONTAINERS)
        return cls(platform.system(), platform.release(), _text_of, in_container)

    def setting(self, name: str) -> str:
        """Return a setting of the kernel; empty when it has none of this name."""
        return self.read(f"/proc/sys/{name.replace('.', '/')}").strip()


def advise(probe: BackendProbe, machine: Machine) -> str:
    """Return how to make a backend work; empty when that is unknown."""
    if probe.backend != "linux":
        return probe.hint
    match probe.fault:
        case SandboxFault.WRONG_SYSTEM:
            return (
                f"{machine.system} has none of its locks. Judge in a Linux virtual machine or on "
                "a Linux server: full isolation is available there."
            )
        case SandboxFault.UNKNOWN_PROCESSOR:
            return "It runs on x86-64 and aarch64."
        case SandboxFault.NO_LANDLOCK:
            return _advise_on_landlock(machine)
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
    return _advise_on_namespaces(machine) if probe.tier == "full" else ""


def _advise_on_landlock(machine: Machine) -> str:
    found = re.match(r"(\d+)\.(\d+)", machine.release)
    if found and (int(found[1]), int(found[2])) < _LANDLOCK_SINCE:
        return f"This kernel is {machine.release}. Upgrade it to 5.13 or newer."
    modules = machine.read("/sys/kernel/security/lsm").strip()
    if modules and "landlock" not in modules.split(","):
        return (
            "The kernel is new enough, but Landlock is switched off. Put this into "
            "GRUB_CMDLINE_LINUX in /etc/default/grub, run `sudo update-grub`, and restart:\n"
            f"lsm=landlock,{modules}"
        )
    if machine.in_container:
        return "The container or its emulated kernel has no Landlock. Run harness outside it."
    return "This kernel was built without Landlock (CONFIG_SECURITY_LANDLOCK). Use one that has it."


def _advise_on_namespaces(machine: Machine) -> str:
    for name, forbidding, meaning, command in _SETTINGS_OF_NAMESPACES:
        if machine.setting(name) == forbidding:
            return (
                f"{meaning}. Allow them until the next restart (for good: put the setting into "
                f"/etc/sysctl.d/):\n{command}"
            )
    if machine.in_container:
        return (
            "The container around harness forbids namespaces. Run harness outside it, or start "
            "the container with:\n"
            "--security-opt seccomp=unconfined --security-opt apparmor=unconfined"
        )
    return (
        "Something forbids namespaces here. Try to make one:\nunshare --user --map-root-user true"
    )


def _text_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
