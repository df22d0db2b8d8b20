"""Numbers as people write them."""

from __future__ import annotations

import re

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NUMBER = re.compile(
    r"(?<![\w.])(?P<base>\d+(?:[,_]\d{3})*)"
    r"(?:(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|\s*(?:\*\*|\^)\s*(?P<exponent>\d{1,3})\b"
    r"|\s(?P<word>thousand|million|billion)\b)?"
)
_WORDS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


def numbers_in(text: str) -> list[int]:
    """Return the whole numbers of a text, as people write them: ``1,000``, ``10**9``, ``10¹²``."""
    found = []
    for match in _NUMBER.finditer(text):
        base = int(re.sub(r"[,_]", "", match["base"]))
        exponent = (match["raised"] or "").translate(_SUPERSCRIPTS) or match["exponent"] or "1"
        found.append(base ** int(exponent) * _WORDS.get(match["word"] or "", 1))
    return found
