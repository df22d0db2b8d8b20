"""Every attack, by the real judge, on every ground: no forged pass, no dead judge, no leftover."""

from __future__ import annotations

import sys

import pytest


def test_no_attack_succeeds(arena, attempted):
    wrong = arena.fight(attempted)
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


@pytest.mark.skipif(sys.platform != "linux", reason="these grounds are made of Linux")
def test_the_ground_that_counts_is_among_them(grounds_that_work):
    assert {"linux-full", "linux-locked"} & {ground.name for ground in grounds_that_work}


def test_there_are_many_attacks(attacks):
    assert len(attacks) >= 150
    assert len({(attack.group, attack.name) for attack in attacks}) == len(attacks)
