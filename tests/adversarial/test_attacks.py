"""Every attack, with the real judge, on every ground: no forged pass, dead judge or leftover."""

from __future__ import annotations

import sys

import pytest


def test_no_attack_succeeds(arena, attempted):
    wrong = arena.fight(attempted)
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


@pytest.mark.skipif(sys.platform != "linux", reason="these grounds need Linux")
def test_a_ground_that_isolates_is_among_them(grounds_that_work):
    assert {"linux-full", "linux-locked"} & {ground.name for ground in grounds_that_work}


def test_every_attack_has_its_own_name(attacks):
    names = [(attack.group, attack.name) for attack in attacks]
    assert len(set(names)) == len(names)
