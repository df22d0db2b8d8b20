"""Ids of attempts: short and hard to misread."""

from __future__ import annotations

import re

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 6
_PATTERN = re.compile(rf"[{_ALPHABET}]{{{_LENGTH}}}")


def new_attempt_id() -> str:
    """Return a random id of six characters, without the look-alikes 0 o 1 l i."""
    import secrets

    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def is_attempt_id(text: str) -> bool:
    """Whether ``text`` could be the id of an attempt."""
    return _PATTERN.fullmatch(text) is not None
