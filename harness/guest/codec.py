"""Plain values to JSON nodes and back, exactly. See ``docs/wire.md``, "Values".

None, bool, str and small int stand for themselves, a list is an array of nodes; everything else is
an object with one key, its tag. Encoding goes by ``type(x) is``; a subclass is reduced to the exact
builtin without calling any of its overridden methods.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from . import traits, values

MAX_DEPTH = 100
MAX_NODES = 400_000
MAX_FRAME_BYTES = 8 * 1024 * 1024
MAX_KEY_WORK = 30_000_000
"""Comparisons that the sets and dicts of one message may cost when all their keys collide."""
SAFE_INTEGER = 2**53

Node = Any
"""A JSON value as ``json`` makes and reads it."""


class UnsendableError(Exception):
    """A value of our own side cannot cross the wire; the text says why."""


class MalformedError(Exception):
    """A node of the other side is not what the protocol allows."""


def too_large(what: str, size: int, unit: str, most: int = MAX_FRAME_BYTES) -> UnsendableError:
    """Return the error of a value that does not fit into a message, with its size and the limit."""
    return UnsendableError(f"{what} of {size:,} {unit} cannot be sent: the limit is {most:,}")


class Encoder:
    """Encodes one message after another; not for two threads at once.

    ``opaque(value, depth)`` says how what is not plain crosses: it returns a complete node, of
    whose parts :meth:`nodes` makes nodes, or raises :class:`UnsendableError`. Without it an object
    of a class that derives from a builtin crosses as that builtin, and nothing else crosses.
    """

    __slots__ = ("_key_work_left", "_nodes_left", "_objects", "_opaque")

    def __init__(self, opaque: Callable[[Any, int], Node] | None = None) -> None:
        self._opaque = opaque
        self._objects = 0
        """How many values were no exact builtins so far."""
        self._nodes_left = MAX_NODES
        self._key_work_left = MAX_KEY_WORK

    def encode(self, value: object) -> Node:
        """Return the node of ``value``, the only one in its message.

        Raises :class:`UnsendableError` when it is nested deeper than ``MAX_DEPTH``, has more than
        ``MAX_NODES`` parts or too many keys, or holds something that cannot cross.
        """
        self._nodes_left = MAX_NODES
        self._key_work_left = MAX_KEY_WORK
        return self.node(value, 0)

    def encode_arguments(
        self, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> tuple[list[Node], dict[str, Node]]:
        """Return the nodes of all arguments of a call, which share one message and its caps."""
        self._nodes_left = MAX_NODES - len(args) - len(kwargs)
        self._key_work_left = MAX_KEY_WORK
        node = self.node
        named = {_keyword(name): node(value, 0) for name, value in kwargs.items()}
        return [node(value, 0) for value in args], named

    def node(self, value: Any, depth: int) -> Node:
        """Return the node of a part that lies ``depth`` containers deep in its message."""
        kind = type(value)
        if kind is str:
            if len(value) > MAX_FRAME_BYTES:
                raise too_large("a text", len(value), "characters")
            return value if value.isascii() else _string(value)
        if kind is int:
            return value if -SAFE_INTEGER <= value <= SAFE_INTEGER else {"i": hex(value)}
        if value is None or kind is bool:
            return value
        if kind is float:
            return {"f": value.hex()}
        if kind is list:
            return self.nodes(value, depth)
        if kind is tuple:
            return {"t": self.nodes(value, depth)}
        if kind is bytes:
            if 2 * len(value) > MAX_FRAME_BYTES:
                raise too_large("a bytes object", len(value), "bytes", MAX_FRAME_BYTES // 2)
            return {"b": value.hex()}
        parts = _PARTS.get(kind)
        if parts is not None:
            return self._container(kind, parts(value), depth)
        if tag := values.type_of(kind):
            return self._standard(tag, value, depth)
        self._objects += 1
        if self._opaque is not None:
            return self._opaque(value, depth)
        return self.reduced(value, depth)

    def _standard(self, tag: str, value: object, depth: int) -> Node:
        try:
            parts = values.take_apart(tag, value)
        except (TypeError, ValueError) as error:
            raise UnsendableError(str(error)) from None
        return {tag: self.nodes(parts, depth)}

    def charge(self, nodes: int) -> None:
        """Count what takes more room than a handle as so many nodes more."""
        self._nodes_left -= nodes

    def reduced(self, value: Any, depth: int) -> Node:
        """Reduce an object whose class derives from a builtin to that builtin.

        Raises :class:`UnsendableError` for any other.
        """
        for base in type(value).__mro__:
            if base is OrderedDict:  # whose order is not that of the dict below it
                return self._container(dict, _flat(OrderedDict.items(value)), depth)
            scalar = _SCALARS.get(base)
            if scalar is not None:
                return self.node(scalar(value), depth)
            parts = _PARTS.get(base)
            if parts is not None:
                return self._container(base, parts(value), depth)
        raise UnsendableError(f"a value of type {type(value).__name__} cannot be sent")

    def _container(self, kind: type, parts: list[object], depth: int) -> Node:
        objects = self._objects
        nodes = self.nodes(parts, depth)
        tag = _TAGS[kind]
        if not tag:
            return nodes
        if tag != "t":
            self._key_work_left -= key_work(parts[::2] if tag == "d" else parts)
            if self._key_work_left < 0:
                raise UnsendableError(
                    f"a {kind.__name__} of {len(parts)} parts whose keys are no texts is too large:"
                    " about 5,400 numbers are the limit"
                )
            if self._objects > objects:
                _require_different(kind, nodes[::2] if tag == "d" else nodes)
        return {tag: nodes}

    def nodes(self, parts: Sequence[object], depth: int) -> list[Node]:
        """Return the nodes of the parts of a container that lies ``depth`` deep in its message."""
        self._nodes_left -= len(parts)
        if self._nodes_left < 0:
            count = MAX_NODES - self._nodes_left
            raise too_large("a message", count, "parts", MAX_NODES)
        if depth >= MAX_DEPTH:
            raise UnsendableError(f"a value is nested deeper than {MAX_DEPTH} levels")
        node = self.node
        deeper = depth + 1
        return [node(part, deeper) for part in parts]


def builtin_base(kind: type) -> type | None:
    """Return the builtin that a class is or derives from, if its values cross."""
    return next((base for base in kind.__mro__ if base in _SCALARS or base in _PARTS), None)


def _keyword(name: str) -> str:
    if type(_string(name)) is not str:
        raise UnsendableError("a keyword with a surrogate cannot be sent")
    return name


def _string(value: str) -> Node:
    try:
        value.encode()
    except UnicodeEncodeError:
        return {"s": value.encode("utf-8", "surrogatepass").hex()}
    return value


def _flat(pairs: Iterable[tuple[object, object]]) -> list[object]:
    return [part for pair in pairs for part in pair]


_SCALARS: dict[type, Callable[[Any], object]] = {
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
}
"""How to make the exact builtin of a subclass without its overridden methods."""

_PARTS: dict[type, Callable[[Any], list[object]]] = {
    list: list.copy,
    tuple: lambda value: list(tuple.__iter__(value)),
    dict: lambda value: _flat(dict.items(value)),
    set: lambda value: list(set.__iter__(value)),
    frozenset: lambda value: list(frozenset.__iter__(value)),
}
"""How to take a container, or a subclass of one, apart without its overridden methods."""

_TAGS: dict[type, str] = {
    list: "",
    tuple: "t",
    dict: "d",
    set: "S",
    frozenset: "F",
}
"""The tag of each container; a list needs none."""

_MIXED_WELL = frozenset({str, bytes})
"""Hashed by SipHash: nobody finds thousands of one hash, even though its key is known."""


_FIELDS = "__dataclass_fields__"


def key_work(keys: Sequence[object]) -> int:
    """Comparisons that putting ``keys`` into one table costs if all of them collide.

    Hashes of numbers, and of tuples of numbers, are known to everybody: with chosen ones, a table
    takes quadratic time to fill. Charging for it as if they were chosen closes that door.
    """
    for key in keys:  # by far the most common: nothing but text
        if type(key) is not str:
            break
    else:
        return 0
    kinds = set(map(type, keys))
    if kinds <= _MIXED_WELL:
        return 0
    weight = len(keys)
    if any(issubclass(kind, tuple | frozenset) or _fields(kind) for kind in kinds):
        weight = sum(map(_weight, keys))
    # The few more per key pay for finding out the weight.
    return (len(keys) + 10) * weight


def _weight(key: object) -> int:
    if isinstance(key, tuple):
        return 1 + sum(map(_weight, tuple.__iter__(key)))
    if isinstance(key, frozenset):
        return 1 + frozenset.__len__(key) * sum(map(_weight, frozenset.__iter__(key)))
    return 1 + sum(_weight(getattr(key, name)) for name in _fields(type(key)))


def _fields(kind: type) -> Sequence[str]:
    """Return the fields of a record, by which it is compared."""
    fields = getattr(kind, _FIELDS, ())
    return list(fields) if type(fields) is dict else ()


def _require_different(kind: type, keys: list[Node]) -> None:
    """Refuse keys that the other side cannot hold, or takes for equal: it has no methods of theirs.

    Raises :class:`UnsendableError`.
    """
    decoder = Decoder(
        {
            "h": lambda body, _: _received_object(body),
            "v": lambda body, depth: decoder.value(body[-1], depth),
            "D": lambda body, depth: (body[5], *body[3], *decoder.values(body[4], depth)),
            **dict.fromkeys("ceEkxno", lambda body, _: repr(body)),
        }
    )
    try:
        count = len(set(decoder.values(keys, 0)))
    except TypeError:
        raise UnsendableError(
            f"a {kind.__name__} cannot be sent: a key or element of it is or holds a container that"
            " can change, and has no hash once it is sent"
        ) from None
    if count < len(keys):
        raise UnsendableError(
            f"a {kind.__name__} cannot be sent: two keys or elements of it are equal as what they"
            " are sent as, without the methods of their classes"
        )


def _received_object(body: Any) -> object:
    if type(body) is list and _CHANGING.intersection(body[2]):
        raise TypeError
    return ("h", body[0] if type(body) is list else body)


_CHANGING = frozenset((traits.MAPPING, traits.SEQUENCE, traits.SET, traits.BYTES))

_NOT_A_VALUE = (ValueError, TypeError, ArithmeticError, LookupError)


class Decoder:
    """Decodes one message after another; not for two threads at once.

    ``tags`` adds the tags of one side's own (handles, callbacks): what to make of a body that lies
    so many containers deep. They decode its parts by :meth:`value` and :meth:`values`.
    """

    __slots__ = ("_key_work_left", "_nodes_left", "_own_tags")

    def __init__(self, tags: Mapping[str, Callable[[Any, int], object]] | None = None) -> None:
        self._own_tags = dict(tags or {})
        self._nodes_left = MAX_NODES
        self._key_work_left = MAX_KEY_WORK

    def add_tags(self, tags: Mapping[str, Callable[[Any, int], object]]) -> None:
        """Add tags of one side's own."""
        self._own_tags |= tags

    def decode(self, node: Node) -> Any:
        """Return the value of ``node``, the only one in its message.

        Raises :class:`MalformedError` when it is not a node of the protocol.
        """
        self._nodes_left = MAX_NODES
        self._key_work_left = MAX_KEY_WORK
        try:
            return self.value(node, 0)
        except _NOT_A_VALUE as error:
            raise MalformedError(f"not a value: {str(error)[:80]}") from None

    def decode_arguments(
        self, args: list[Node], kwargs: dict[str, Node]
    ) -> tuple[list[Any], dict[str, Any]]:
        """Return the values of all arguments of a call. Raises :class:`MalformedError`."""
        self._nodes_left = MAX_NODES - len(args) - len(kwargs)
        self._key_work_left = MAX_KEY_WORK
        value = self.value
        try:
            return [value(node, 0) for node in args], {k: value(v, 0) for k, v in kwargs.items()}
        except _NOT_A_VALUE as error:
            raise MalformedError(f"not a value: {str(error)[:80]}") from None

    def value(self, node: Node, depth: int) -> Any:
        """Return the value of a part that lies ``depth`` containers deep in its message."""
        kind = type(node)
        if kind is str or kind is bool or node is None:
            return node
        if kind is int:
            if not -SAFE_INTEGER <= node <= SAFE_INTEGER:
                raise MalformedError("an integer beyond 53 bits without its tag")
            return node
        if kind is list:
            return self.values(node, depth)
        if kind is not dict or len(node) != 1:
            raise MalformedError("neither a plain value nor an object with one tag")
        ((tag, body),) = node.items()
        own = self._own_tags.get(tag)
        if own is not None:
            return own(body, depth)
        scalar = _SCALAR_TAGS.get(tag)
        if scalar is not None and type(body) is str:
            return scalar(body)
        if tag in _CONTAINER_TAGS and type(body) is list:
            return self._container(tag, self.values(body, depth))
        if tag in values.TYPES and type(body) is list:
            return values.put_together(tag, self.values(body, depth))
        raise MalformedError(f"unknown tag {tag[:20]!r}")

    def values(self, nodes: list[Node], depth: int) -> list[Any]:
        """Return the values of the parts of a container that lies ``depth`` deep in its message."""
        self._nodes_left -= len(nodes)
        if depth >= MAX_DEPTH or self._nodes_left < 0:
            raise MalformedError("a value is too large or nested too deep")
        value = self.value
        deeper = depth + 1
        return [value(node, deeper) for node in nodes]

    def _container(self, tag: str, values: list[Any]) -> Any:
        if tag == "t":
            return tuple(values)
        keys = values[::2] if tag == "d" else values
        self._key_work_left -= key_work(keys)
        if self._key_work_left < 0:
            raise MalformedError("the keys are too many or too large")
        if tag == "d":
            whole: Any = dict(zip(keys, values[1::2], strict=True))
        else:
            whole = set(keys) if tag == "S" else frozenset(keys)
        if len(whole) != len(keys):
            raise MalformedError("the same element or key twice")
        return whole


def _integer(body: str) -> int:
    number = int(body, 16)
    if -SAFE_INTEGER <= number <= SAFE_INTEGER or hex(number) != body:
        raise MalformedError("a tagged integer not in its one form")
    return number


def _float(body: str) -> float:
    number = float.fromhex(body)
    if number.hex() != body:
        raise MalformedError("a float not in its one form")
    return number


def _bytes(body: str) -> bytes:
    raw = bytes.fromhex(body)
    if raw.hex() != body:
        raise MalformedError("hexadecimal not in its one form")
    return raw


def _surrogates(body: str) -> str:
    return _bytes(body).decode("utf-8", "surrogatepass")


_SCALAR_TAGS: dict[str, Callable[[str], object]] = {
    "i": _integer,
    "f": _float,
    "b": _bytes,
    "s": _surrogates,
}
_CONTAINER_TAGS = frozenset(filter(None, _TAGS.values()))
