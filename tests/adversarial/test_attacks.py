"""Every attack, by the real judge, on every ground: no forged pass, no dead judge, no leftover."""

from __future__ import annotations

import pytest


def test_no_attack_succeeds(arena, attempted):
    wrong = arena.fight(attempted)
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def test_there_are_many_attacks(attacks):
    assert len(attacks) >= 150
    assert len({(attack.group, attack.name) for attack in attacks}) == len(attacks)
