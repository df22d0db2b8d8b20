"""Plain values to JSON nodes and back, exactly. See ``docs/wire.md``, "Values".

None, bool, str and small int stand for themselves, a list is an array of nodes; everything else is
an object with one key, its tag. Encoding goes by ``type(x) is``; a subclass is reduced to the exact
builtin without calling any of its overridden methods.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

MAX_DEPTH = 100
MAX_NODES = 200_000
SAFE_INTEGER = 2**53

Node = Any
"""A JSON value as ``json`` makes and reads it."""


class UnsendableError(Exception):
    """A value of our own side cannot cross the wire; the text says why."""


class MalformedError(Exception):
    """A node of the other side is not what the protocol allows."""


def _refuse(value: object) -> NoReturn:
    raise UnsendableError(f"a value of type {type(value).__name__} cannot be sent")


class Encoder:
    """Encodes one value after another; ``opaque`` says how what is not plain crosses.

    ``opaque(value)`` returns a complete node or raises :class:`UnsendableError`.
    """

    def __init__(self, opaque: Callable[[object], Node] = _refuse) -> None:
        self._opaque = opaque
        self._nodes_left = MAX_NODES
        self._containers: dict[type, Callable[[Any, int], Node]] = {
            list: self._list,
            tuple: self._tuple,
            dict: self._dict,
            set: self._set,
            frozenset: self._frozenset,
        }

    def encode(self, value: object) -> Node:
        """Return the node of ``value``.

        Raises :class:`UnsendableError` when it is nested deeper than ``MAX_DEPTH``, has more than
        ``MAX_NODES`` parts, or holds something that cannot cross.
        """
        self._nodes_left = MAX_NODES
        return self._node(value, 0)

    def _node(self, value: Any, depth: int) -> Node:
        kind = type(value)
        if kind is str:
            return _string(value)
        if kind is int:
            return value if -SAFE_INTEGER <= value <= SAFE_INTEGER else {"i": hex(value)}
        if value is None or kind is bool:
            return value
        if kind is float:
            return {"f": value.hex()}
        container = self._containers.get(kind)
        if container is not None:
            if depth >= MAX_DEPTH:
                raise UnsendableError(f"a value is nested deeper than {MAX_DEPTH} levels")
            return container(value, depth + 1)
        if kind is bytes:
            return {"b": value.hex()}
        return self._reduced(value, depth)

    def _reduced(self, value: Any, depth: int) -> Node:
        """Reduce a subclass of a builtin to that builtin; hand anything else to ``opaque``."""
        for base in type(value).__mro__:
            exact = _EXACT.get(base)
            if exact is not None:
                return self._node(exact(value), depth)
        return self._opaque(value)

    def _nodes(self, values: Iterable[object], count: int, depth: int) -> list[Node]:
        self._nodes_left -= count
        if self._nodes_left < 0:
            raise UnsendableError(f"a value has more than {MAX_NODES} parts")
        node = self._node
        return [node(value, depth) for value in values]

    def _list(self, value: list[object], depth: int) -> Node:
        return self._nodes(value, len(value), depth)

    def _tuple(self, value: tuple[object, ...], depth: int) -> Node:
        return {"t": self._nodes(value, len(value), depth)}

    def _set(self, value: set[object], depth: int) -> Node:
        return {"S": self._nodes(value, len(value), depth)}

    def _frozenset(self, value: frozenset[object], depth: int) -> Node:
        return {"F": self._nodes(value, len(value), depth)}

    def _dict(self, value: dict[object, object], depth: int) -> Node:
        return {"d": self._nodes(_flat(value), 2 * len(value), depth)}


def _flat(mapping: dict[object, object]) -> Iterator[object]:
    for key, value in mapping.items():
        yield key
        yield value


def _string(value: str) -> Node:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return {"s": value.encode("utf-8", "surrogatepass").hex()}
    return value


_EXACT: dict[type, Callable[[Any], object]] = {
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    list: list.copy,
    tuple: lambda value: tuple.__getitem__(value, slice(None)),
    OrderedDict: lambda value: dict(OrderedDict.items(value)),
    dict: lambda value: dict(dict.items(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
}
"""How to make the exact builtin of a subclass without its overridden methods."""


class Decoder:
    """Decodes nodes; ``tags`` adds the tags of one side's own (handles, callbacks)."""

    def __init__(self, tags: dict[str, Callable[[Node], object]] | None = None) -> None:
        self._own_tags = tags or {}
        self._nodes_left = MAX_NODES

    def decode(self, node: Node) -> Any:
        """Return the value of ``node``.

        Raises :class:`MalformedError` when it is not a node of the protocol.
        """
        self._nodes_left = MAX_NODES
        try:
            return self._value(node, 0)
        except MalformedError:
            raise
        except (ValueError, TypeError, OverflowError) as error:
            raise MalformedError(f"not a value: {error}") from None

    def _value(self, node: Node, depth: int) -> Any:
        kind = type(node)
        if kind is str or kind is bool or node is None:
            return node
        if kind is int:
            if not -SAFE_INTEGER <= node <= SAFE_INTEGER:
                raise MalformedError("an integer beyond 53 bits without its tag")
            return node
        if kind is list:
            return self._values(node, depth)
        if kind is not dict or len(node) != 1:
            raise MalformedError("neither a plain value nor an object with one tag")
        ((tag, body),) = node.items()
        own = self._own_tags.get(tag)
        if own is not None:
            return own(body)
        if tag in "ifbs" and type(body) is str:
            return self._scalar(tag, body)
        if tag in "tdSF" and type(body) is list:
            return self._container(tag, self._values(body, depth))
        raise MalformedError(f"unknown tag {tag[:20]!r}")

    def _values(self, nodes: list[Node], depth: int) -> list[Any]:
        self._nodes_left -= len(nodes)
        if depth >= MAX_DEPTH or self._nodes_left < 0:
            raise MalformedError("a value is too large or nested too deep")
        value = self._value
        return [value(node, depth + 1) for node in nodes]

    @staticmethod
    def _scalar(tag: str, body: str) -> Any:
        if tag == "i":
            number = int(body, 16)
            if -SAFE_INTEGER <= number <= SAFE_INTEGER or hex(number) != body:
                raise MalformedError("a tagged integer not in its one form")
            return number
        if tag == "f":
            real = float.fromhex(body)
            if real.hex() != body:
                raise MalformedError("a float not in its one form")
            return real
        raw = bytes.fromhex(body)
        if raw.hex() != body:
            raise MalformedError("hexadecimal not in its one form")
        return raw if tag == "b" else raw.decode("utf-8", "surrogatepass")

    @staticmethod
    def _container(tag: str, values: list[Any]) -> Any:
        if tag == "t":
            return tuple(values)
        if tag == "d":
            if len(values) % 2:
                raise MalformedError("a dict with a key and no value")
            whole: Any = dict(zip(values[::2], values[1::2], strict=True))
            count = len(values) // 2
        else:
            whole = set(values) if tag == "S" else frozenset(values)
            count = len(values)
        if len(whole) != count:
            raise MalformedError("the same element or key twice")
        return whole
