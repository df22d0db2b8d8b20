"""The record of what a suite asked and a solution answered, kept raw and rendered on demand."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.guest.codec import Decoder, MalformedError, Node
from harness.guest.server import MODULE_HANDLE

KEPT_CALLS = 200
MAX_VALUE_CHARS = 400
_MAX_KEPT_NODES = 5_000

_OPERATORS = {
    "len": "len({})",
    "bool": "bool({})",
    "iter": "iter({})",
    "next": "next({})",
    "enter": "{}.__enter__()",
    "exit": "{}.__exit__()",
    "await": "await {}",
    "str": "str({})",
}


class Name:
    """Stands in a rendered value for something that has no literal."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


@dataclass
class Exchange:
    """One request, or one callback, and its answer (None while there is none)."""

    op: str
    target: int
    name: str
    args: list[Node]
    kwargs: dict[str, Node]
    depth: int
    answer: list[Node] | None = None
    """``["return", node]`` or ``["raise", [names], text, …]``."""


@dataclass
class Transcript:
    """All exchanges of one case, the oldest dropped beyond ``KEPT_CALLS``."""

    exchanges: deque[Exchange] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))
    total: int = 0
    callbacks: list[str] = field(default_factory=list)
    """Names of the suite's functions, by the number under which they crossed."""

    def add(self, exchange: Exchange) -> None:
        """Record an exchange at its beginning."""
        self.exchanges.append(exchange)
        self.total += 1

    @property
    def omitted(self) -> int:
        """How many exchanges were dropped."""
        return self.total - len(self.exchanges)

    def lines(self) -> list[str]:
        """Render each exchange on one line, named as a person would name the objects."""
        names = Names(self.callbacks)
        return [_line(exchange, names) for exchange in self.exchanges]


class Names:
    """Gives handles readable names: ``kv_store``, then ``kv_store_2``."""

    def __init__(self, callbacks: Sequence[str] = ()) -> None:
        self._callbacks = callbacks
        self._of_handle: dict[int, str] = {MODULE_HANDLE: ""}
        self._used: dict[str, int] = {}

    def of(self, handle: int, type_name: str = "") -> str:
        """Return the name of ``handle``, making one from its type's name at first sight."""
        known = self._of_handle.get(handle)
        if known is None:
            base = _snake_case(type_name) or "object"
            count = self._used[base] = self._used.get(base, 0) + 1
            known = base if count == 1 else f"{base}_{count}"
            self._of_handle[handle] = known
        return known

    def of_callback(self, number: int) -> str:
        """Return the name of a function of the suite."""
        known = 0 <= number < len(self._callbacks)
        return self._callbacks[number] if known else "<function>"

    def is_new(self, handle: int) -> bool:
        """Tell whether ``handle`` has no name yet."""
        return handle not in self._of_handle


def _line(exchange: Exchange, names: Names) -> str:
    request = _request(exchange, names)
    indent = "  " * exchange.depth
    if exchange.op == "callback":
        request = f"→ {request}"
    answer = exchange.answer
    if answer is None:
        return f"{indent}{request}  … no answer"
    if answer[0] == "raise":
        text = f": {answer[2]}" if answer[2] else ""
        return f"{indent}{request}  raised {_cut(answer[1][0] + text)}"
    node = answer[1]
    if _is_handle(node) and names.is_new(node["h"][0]):
        return f"{indent}{names.of(*node['h'])} = {request}"
    return f"{indent}{request} -> {render_node(node, names)}"


def _request(exchange: Exchange, names: Names) -> str:
    values = [render_node(node, names) for node in exchange.args]
    values += [f"{key}={render_node(node, names)}" for key, node in exchange.kwargs.items()]
    subject = names.of(exchange.target)
    attribute = f"{subject}.{exchange.name}" if subject and exchange.name else None
    path = attribute or exchange.name or subject
    match exchange.op:
        case "call" | "callback":
            return f"{path}({', '.join(values)})"
        case "get":
            return path
        case "set":
            return f"{path} = {values[0]}"
        case "del":
            return f"del {path}"
        case "item":
            return f"{subject}[{values[0]}]"
        case "set_item":
            return f"{subject}[{values[0]}] = {values[1]}"
        case "del_item":
            return f"del {subject}[{values[0]}]"
        case "contains":
            return f"{values[0]} in {subject}"
        case "is_instance":
            return f"isinstance({values[0]}, {subject})"
        case other:
            return _OPERATORS[other].format(subject)


def render_node(node: Node, names: Names) -> str:
    """Render a recorded value like ``repr``, cut to ``MAX_VALUE_CHARS``."""
    decoder = Decoder(
        {
            "h": lambda body: Name(names.of(*body) if type(body) is list else names.of(body)),
            "c": lambda body: Name(names.of_callback(body)),
        }
    )
    try:
        return render_value(decoder.decode(node))
    except (MalformedError, TypeError):
        return "<a value that cannot be shown>"


def render_value(value: object) -> str:
    """``repr`` of an exact builtin, with sets in order, cut to ``MAX_VALUE_CHARS``."""
    return _cut(_repr(value))


def _repr(value: object) -> str:
    if type(value) in (set, frozenset) and value:
        inner = ", ".join(sorted(_repr(item) for item in value))  # type: ignore[attr-defined]
        return f"{{{inner}}}" if type(value) is set else f"frozenset({{{inner}}})"
    try:
        return repr(value)
    except (ValueError, RecursionError):  # an integer with more digits than Python prints
        return f"<{type(value).__name__} too large to show>"


def _cut(text: str) -> str:
    if len(text) <= MAX_VALUE_CHARS:
        return text
    return f"{text[: MAX_VALUE_CHARS - 20]} … ({len(text)} characters)"


def _is_handle(node: Node) -> bool:
    return type(node) is dict and "h" in node


def _snake_case(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"\W", "", spaced).lower()
