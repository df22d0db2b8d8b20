"""What came from the box lately: it tells who made a value that cannot be sent back there."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from harness.guest.codec import UnsendableError

_MOST_BYTES = 8 << 20
"""Of frames whose values are kept."""
_CONTAINERS = (list, tuple, dict, set, frozenset)
_KEPT = (str, bytes, *_CONTAINERS)


class Received:
    """The latest values that the box has sent, parts of which a suite may hand on."""

    def __init__(self) -> None:
        self._values: deque[tuple[object, int]] = deque()
        self._bytes = 0

    def add(self, value: object, size: int) -> None:
        """Keep ``value``, which took ``size`` bytes in a frame."""
        if not isinstance(value, _KEPT):
            return
        self._values.append((value, size))
        self._bytes += size
        while self._bytes > _MOST_BYTES and len(self._values) > 1:
            self._bytes -= self._values.popleft()[1]

    def are_to_blame(
        self,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        send: Callable[[tuple[Any, ...], Mapping[str, Any]], object],
    ) -> bool:
        """Tell whether arguments cannot be sent for what the solution made of them.

        ``send`` raises UnsendableError: of arguments without the solution's parts it does not.
        """
        try:
            made, texts = self._parts()
            bare = tuple(_without(each, made, texts) for each in (*args, *kwargs.values()))
            send(bare, {name: None for name in kwargs if name not in texts})
        except (UnsendableError, RecursionError, MemoryError):
            return False
        return True

    def _parts(self) -> tuple[set[int], set[str | bytes]]:
        """Return the identities of all containers that came from the box, and all texts."""
        made: set[int] = set()
        texts: set[str | bytes] = set()
        left: list[Any] = [value for value, _ in self._values]
        while left:
            part = left.pop()
            if isinstance(part, str | bytes):
                texts.add(part)
            elif isinstance(part, _CONTAINERS) and part and id(part) not in made:
                made.add(id(part))
                left += (*part, *part.values()) if isinstance(part, dict) else part
        return made, {text for text in texts if len(text) > 1 or not text.isascii()}


def _without(value: Any, made: set[int], texts: set[str | bytes]) -> Any:
    """Return ``value`` with None in place of what the solution made."""
    if isinstance(value, str | bytes):
        return None if value in texts else value
    if id(value) in made:
        return None
    if type(value) in (list, tuple):
        return type(value)(_without(part, made, texts) for part in value)
    if type(value) is dict:
        return {
            _without(key, made, texts): _without(part, made, texts) for key, part in value.items()
        }
    return value
