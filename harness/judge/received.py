"""What came from a box: its objects by number, and the latest values.

Those tell who made a value that cannot be sent back there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from harness.guest.codec import Decoder, MalformedError, Node, UnsendableError
from harness.guest.exceptions import MAX_CLASSES, MAX_TEXT
from harness.guest.server import MAX_HANDLES
from harness.guest.traits import MAX_REDEFINED, TRAITS
from harness.judge.classes import handle_class, record, with_value
from harness.judge.objects import Handle
from harness.judge.raised import Description, ExceptionClasses, make_exception
from harness.judge.transcript import one_line

if TYPE_CHECKING:
    from harness.judge.box_session import BoxSession

_MOST_BYTES = 8 << 20
"""Of frames whose values are kept."""
_CONTAINERS = (list, tuple, dict, set, frozenset)
_KEPT = (str, bytes, *_CONTAINERS)


class Received:
    """What one box has sent: its objects, and the latest values, which a suite may hand on."""

    def __init__(self, caller: BoxSession, exceptions: ExceptionClasses) -> None:
        self._caller = caller
        self._exceptions = exceptions
        self._handles: dict[int, Handle] = {}
        self._valued: dict[int, tuple[Node, Any]] = {}
        """Objects with a value or fields here, by number, and as what they came."""
        self._values: deque[tuple[object, int]] = deque()
        self._bytes = 0

    def tags(self, decoder: Decoder) -> dict[str, Callable[[Any, int], object]]:
        """Return what to make of the nodes of objects. Raises :class:`MalformedError`."""
        return {
            "h": lambda body, _: self.handle(*_head(body)),
            "v": lambda body, depth: self._with_value(body, depth, decoder),
            "D": lambda body, depth: self._record(body, depth, decoder),
            "e": lambda body, _: self._exception_class(body),
            "x": lambda body, _: self._exception(body),
        }

    def handle(self, number: int, type_name: str, traits: str) -> Handle:
        """Return the handle of an object, the same each time."""
        known = self._handles.get(number)
        if known is None:  # in one step, since another thread may receive it just now
            made = handle_class(type_name, traits)(self._caller, number, type_name)
            known = self._handles.setdefault(number, made)
        return known

    def of_exception(self, number: int, type_name: str) -> Handle:
        """Return the handle of an exception. Raises :class:`MalformedError`."""
        return self.handle(*_head([number, type_name, ""]))

    def _with_value(self, body: Node, depth: int, decoder: Decoder) -> Any:
        head, redefined, (node,) = _object_of(body, 5)
        if len(redefined) > MAX_REDEFINED:
            raise MalformedError("an object with a value that is not well formed")
        (value,) = decoder.values([node], depth)
        if type(value) not in (str, int, float, bytes, tuple, frozenset):
            raise MalformedError("an object with a value that may not be one")
        number, type_name, traits = _head(head, lowest=-1)
        handle = self.handle(number, type_name, traits) if number >= 0 else None
        return self._known(body, with_value(value, handle, type_name, traits, redefined))

    def _record(self, body: Node, depth: int, decoder: Decoder) -> Any:
        head, names, (nodes, class_number) = _object_of(body, 6)
        if type(nodes) is not list or type(class_number) is not int:
            raise MalformedError("a record that is not well formed")
        parts = decoder.values(nodes, depth)
        return self._known(body, record(self._caller, _head(head), class_number, names, parts))

    def _known(self, body: list[Any], made: Any) -> Any:
        """Return the same object as before, if the box describes it as it did."""
        described, known = self._valued.setdefault(body[0], (body, made))
        return known if described == body and body[0] >= 0 else made

    def _exception_class(self, body: Node) -> type[BaseException]:
        head, names, _ = _object_of(body, 4)
        _head(head)
        if not 0 < len(names) <= MAX_CLASSES:
            raise MalformedError("an exception class that is not well formed")
        return self._exceptions.given(names)

    def _exception(self, body: Node) -> BaseException:
        """Return an exception that is given to the suite, and not raised."""
        if type(body) is not list:
            raise MalformedError("an exception that is not well formed")
        described = Description(body)
        if described.object is None:
            raise MalformedError("an exception without a number")
        made = make_exception(
            described, described.origin, self._exceptions, self.of_exception, ends_case=False
        )
        before, known = self._valued.setdefault(described.object, (body, made))
        return known if before == body else made

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


def _head(body: Node, lowest: int = 0) -> tuple[int, str, str]:
    """Check number, type name and letters of an object. Raises :class:`MalformedError`."""
    if type(body) is not list or len(body) != 3:
        raise MalformedError("a handle that is not well formed")
    number, type_name, traits = body
    if type(number) is not int or type(type_name) is not str or type(traits) is not str:
        raise MalformedError("a handle that is not well formed")
    if not lowest <= number < MAX_HANDLES or len(type_name) > MAX_TEXT:
        raise MalformedError("a handle out of bounds")
    if len(traits) > len(TRAITS) or not TRAITS.issuperset(traits):
        raise MalformedError("a handle with unknown letters")
    return number, one_line(type_name), traits


def _object_of(body: Node, length: int) -> tuple[list[Any], list[str], list[Node]]:
    """Return the head of an object, the names that follow it, and the rest."""
    if type(body) is not list or len(body) != length or type(body[3]) is not list:
        raise MalformedError("an object that is not well formed")
    if any(type(name) is not str for name in body[3]):
        raise MalformedError("an object with names that are none")
    return body[:3], body[3], body[4:]
