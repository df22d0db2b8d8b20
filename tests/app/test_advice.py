from __future__ import annotations

import pytest

from harness.app.diagnosis import advise
from harness.app.probe import BackendProbe
from harness.errors import SandboxFault


def advice(
    fault="",
    tier="full",
    backend="linux",
    hint="",
    system="Linux",
    release="6.8.0",
    boxed=False,
    **files,
):
    """What is said on a machine whose files hold what is given."""
    texts = {name.replace("__", "/"): text for name, text in files.items()}
    probe = BackendProbe(backend, tier, False, False, fault=SandboxFault(fault), hint=hint)
    return advise(
        probe,
        system=system,
        release=release,
        read=lambda path: texts.get(path.strip("/"), ""),
        in_container=boxed,
    )


@pytest.mark.parametrize(
    ("setting", "value", "says", "command"),
    [
        (
            "proc__sys__kernel__apparmor_restrict_unprivileged_userns",
            "1\n",
            "AppArmor forbids",
            "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        (
            "proc__sys__kernel__unprivileged_userns_clone",
            "0\n",
            "This system forbids",
            "sysctl -w kernel.unprivileged_userns_clone=1",
        ),
        (
            "proc__sys__user__max_user_namespaces",
            "0\n",
            "This system allows no",
            "sysctl -w user.max_user_namespaces=10000",
        ),
    ],
)
def test_a_setting_that_forbids_namespaces_is_named(setting, value, says, command):
    text = advice(**{setting: value})
    assert text.startswith(says)
    assert command in text
    assert setting.split("__")[-1] not in advice(**{setting: str(1 - int(value))})


def test_namespaces_forbidden_by_the_container_around():
    assert "--security-opt seccomp=unconfined" in advice(boxed=True)


def test_namespaces_forbidden_for_an_unknown_reason():
    assert "unshare --user" in advice()


def test_an_old_kernel():
    assert advice("no_landlock", release="5.10.0-8").startswith("This kernel is 5.10.0-8. Upgrade")


def test_landlock_that_is_switched_off():
    text = advice("no_landlock", sys__kernel__security__lsm="capability,apparmor\n")
    assert "lsm=landlock,capability,apparmor" in text


def test_landlock_that_is_not_there():
    assert "built without Landlock" in advice("no_landlock")
    assert "outside it" in advice("no_landlock", boxed=True)


def test_an_interpreter_that_only_root_can_read():
    assert "an interpreter that everybody can read" in advice("private_interpreter", tier="locked")


def test_another_system():
    assert advice("wrong_system", system="Darwin").startswith("Darwin has none")


def test_another_processor():
    text = advice("unknown_processor")
    assert text == "It runs on x86-64 and aarch64."


def test_a_failed_self_test_is_a_bug_to_report():
    assert "report" in advice("failed_self_test")


def test_another_backend_speaks_for_itself():
    assert advice(backend="docker", tier="", hint="Start it") == "Start it"
    assert advice(backend="docker", tier="") == ""


def test_an_unknown_fault_of_a_weaker_tier_has_no_advice():
    assert advice(tier="locked") == ""


def test_this_machine_can_be_looked_at():
    fault = SandboxFault("no_landlock")
    assert advise(BackendProbe("linux", "full", False, False, fault=fault))
