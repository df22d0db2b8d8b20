"""The record of what a suite asked and a solution answered, kept raw and rendered on demand."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.guest.codec import Decoder, MalformedError, Node
from harness.guest.server import MODULE_HANDLE

KEPT_CALLS = 200
MAX_VALUE_CHARS = 400
MAX_LINE_CHARS = 1_000
MAX_KEPT_BYTES = 16 * 1024
"""Size on the wire up to which a value from the box is kept for the record."""

_OPERATORS = {
    "len": "len({})",
    "bool": "bool({})",
    "iter": "iter({})",
    "next": "next({})",
    "enter": "{}.__enter__()",
    "exit": "{}.__exit__()",
    "aexit": "{}.__aexit__()",
    "aenter": "{}.__aenter__()",
    "aiter": "aiter({})",
    "anext": "anext({})",
    "step": "await {}",
    "start": "await {}",
    "cancel": "{}.cancel()",
    **{name: f"{name}({{}})" for name in ("str", "repr", "hash", "int", "float", "complex")},
    **{name: f"{name}({{}})" for name in ("bytes", "reversed", "content", "fields", "is_content")},
}
_SYMBOLS = {
    "neg": "-",
    "pos": "+",
    "abs": "abs ",
    "invert": "~",
    "add": "+",
    "sub": "-",
    "mul": "*",
    "matmul": "@",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "and_": "&",
    "or_": "|",
    "xor": "^",
    "lshift": "<<",
    "rshift": ">>",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "eq": "==",
    "ne": "!=",
}
_QUOTES = "'\""


class Name:
    """Stands in a rendered value for something that has no literal."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


@dataclass(eq=False, slots=True)
class Exchange:
    """One request, or one callback, and its answer (None while there is none)."""

    op: str
    target: int
    name: str
    args: list[Node] | None
    """None when they were too large to keep."""
    kwargs: dict[str, Node]
    depth: int
    value: Node = None
    """What came back, if ``end`` is empty."""
    end: str = "  … no answer"
    """What the line ends with instead of a value."""
    sent: tuple[object, ...] = ()
    """What the suite gave: the arguments of a request, the result of a callback."""
    received: object = None
    """The value that came back to the suite, if it was small enough to keep."""
    hidden: bool = False
    """Whether no person would count it as a call, e.g. looking up a method."""

    def returned(self, node: Node, size: int = 0) -> None:
        """Note that a value came back, which took ``size`` bytes on the wire."""
        if size <= MAX_KEPT_BYTES:
            self.value, self.end = node, ""
        else:
            self.end = f" -> (a value of {size} bytes)"

    def raised(self, type_name: str, text: str) -> None:
        """Note that an exception came back."""
        self.end = f"  raised {_cut(f'{type_name}: {text}' if text else type_name)}"

    def drop_large_arguments(self, size: int) -> None:
        """Forget the arguments if they took too many bytes on the wire."""
        if size > MAX_KEPT_BYTES:
            self.args, self.kwargs = None, {}


class Transcript:
    """All exchanges of one case, the oldest dropped beyond ``KEPT_CALLS``."""

    def __init__(self, callbacks: Sequence[str] = ()) -> None:
        self.total = 0
        """How many there were, dropped ones included."""
        self.omitted = 0
        """How many of the oldest were dropped."""
        self._callbacks = callbacks
        """Names of the suite's functions, by the number under which they crossed."""
        self._exchanges: deque[Exchange] = deque()
        self._constants: list[Exchange] = []
        """What was asked before the case began; shown where nothing else was."""
        self._stopped = False

    def add(self, exchange: Exchange) -> None:
        """Record an exchange at its beginning."""
        self.total += 1
        if self._stopped:
            return
        self._exchanges.append(exchange)
        if self.total > KEPT_CALLS:
            self._exchanges.popleft()
            self.omitted += 1

    def set_aside(self, used: Collection[str]) -> None:
        """Begin anew: the case begins. Keep the reading of the names that it ``used`` apart."""
        self._constants = [each for each in self._exchanges if each.name in used]
        self._exchanges.clear()
        self.total = self.omitted = 0

    def stop(self) -> None:
        """Record nothing more: the case has failed, and what follows only cleans up."""
        self._stopped = True

    def exchanges(self) -> list[Exchange]:
        """Return those that are kept."""
        return list(self._exchanges)

    def lines(self) -> list[str]:
        """Render each exchange on one line, named as a person would name the objects."""
        names = Names(self._callbacks)
        for exchange, following in pairwise(self._exchanges):
            # When it iterates, Python asks for the length too, only to reserve memory.
            if (exchange.op, following.op) == ("iter", "len"):
                following.hidden = following.target == exchange.target
        for exchanges in (self._exchanges, self._constants):
            lines = [_line(exchange, names) for exchange in exchanges]
            if any(lines):
                return [one_line(line) for line in lines if line]
        return []


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

    def give(self, handle: int, name: str) -> None:
        """Let ``handle`` be called by the name under which the solution defines it."""
        self._of_handle.setdefault(handle, name)

    def of_callback(self, number: int) -> str:
        """Return the name of a function of the suite."""
        known = 0 <= number < len(self._callbacks)
        return self._callbacks[number] if known else "<function>"

    def __contains__(self, handle: int) -> bool:
        return handle in self._of_handle


def _line(exchange: Exchange, names: Names) -> str:
    """One line, or nothing for what no person would count as a call."""
    handle = None if exchange.end else _handle_in(exchange.value)
    if handle and exchange.op == "get" and exchange.target == MODULE_HANDLE:
        names.give(handle[0], exchange.name)
        return ""
    if exchange.hidden:
        return ""
    indent = "  " * exchange.depth
    request = indent + _request(exchange, names)
    if handle and handle[0] not in names and exchange.op != "callback":
        return _cut(f"{indent}{names.of(*handle)} = {request.lstrip()}", MAX_LINE_CHARS)
    end = exchange.end or f" -> {_render(exchange.value, names)}"
    return _cut(request + end, MAX_LINE_CHARS)


def _request(exchange: Exchange, names: Names) -> str:
    values = ["…"] if exchange.args is None else [_render(n, names) for n in exchange.args]
    values += [f"{key}={_render(node, names)}" for key, node in exchange.kwargs.items()]
    subject = names.of(exchange.target)
    attribute = f"{subject}.{exchange.name}" if subject and exchange.name else None
    path = attribute or exchange.name or subject
    match exchange.op:
        case "call":
            return f"{path}({', '.join(values)})"
        case "callback":
            return f"→ {exchange.name}({', '.join(values)})"
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
        case "of_method":
            return f"{path}.{values[0].strip(_QUOTES)}"
        case "operate":
            sign = _SYMBOLS[exchange.name]
            return f"{subject} {sign} {values[0]}" if values else f"{sign}{subject}"
        case "format" | "round":
            return f"{exchange.op}({', '.join([subject, *values])})"
        case "is_instance" | "is_subclass":
            return f"{exchange.op.replace('_', '')}({values[0]}, {subject})"
        case other:
            return _OPERATORS[other].format(subject)


def _render(node: Node, names: Names) -> str:
    """Render a recorded value like ``repr``, cut to ``MAX_VALUE_CHARS``."""
    decoder = Decoder(
        {
            "h": lambda body, _: Name(
                names.of(*body[:2]) if type(body) is list else names.of(body)
            ),
            "v": lambda body, depth: decoder.values([body[3]], depth)[0],
            "D": lambda body, depth: Name(_record(body, decoder.values(body[4], depth))),
            "c": lambda body, _: Name(names.of_callback(body[0] if type(body) is list else body)),
            "e": lambda body, _: Name(body if type(body) is str else body[1]),
            "k": lambda body, _: Name(body),
            "E": lambda body, _: Name(f"{body[0]}({body[1]!r})"),
            "x": lambda body, _: Name(f"{body[0][0]}({body[1]!r})"),
            "n": lambda _body, _: Name("<an iterator>"),
            "o": lambda body, _: Name(f"<{body[1]} of the suite>" if type(body) is list else "…"),
        }
    )
    try:
        return render_value(decoder.decode(node))
    except (MalformedError, TypeError, LookupError, RecursionError):
        return "<a value that cannot be shown>"


def render_value(value: object) -> str:
    """``repr`` of a value, with sets in order, cut to ``MAX_VALUE_CHARS``."""
    if (type(value) is str or type(value) is bytes) and len(value) > MAX_KEPT_BYTES:
        # A suite can make a text of any size of an answer, and its repr would take that once more.
        start = repr(value[:MAX_VALUE_CHARS])[: MAX_VALUE_CHARS - 20]
        return printable(f"{start} … ({len(value)} characters)")
    return printable(_cut(_repr(value)))


def printable(text: str) -> str:
    """Return ``text`` with lone surrogates, which cannot be encoded, shown as escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def one_line(text: str) -> str:
    """Return ``text``, printable, with line breaks shown as escapes: none may pose as ours."""
    return printable(text).replace("\n", "\\n")


def _record(body: list[Node], parts: list[object]) -> str:
    fields = ", ".join(f"{name}={_repr(part)}" for name, part in zip(body[3], parts, strict=False))
    return f"{body[1]}({fields})"


def _repr(value: object) -> str:
    if type(value) in (set, frozenset) and value:
        inner = ", ".join(sorted(_repr(item) for item in value))  # type: ignore[attr-defined]
        return f"{{{inner}}}" if type(value) is set else f"frozenset({{{inner}}})"
    try:
        return repr(value)
    except (ValueError, RecursionError, MemoryError):  # e.g. more digits than Python prints
        return f"<{type(value).__name__} too large to show>"


def _cut(text: str, limit: int = MAX_VALUE_CHARS) -> str:
    if len(text) <= limit:
        return text
    return f"{text[: limit - 20]} … ({len(text)} characters)"


def _handle_in(node: Node) -> tuple[int, str] | None:
    """Number and type name if ``node`` is a handle as the box sends it."""
    body = node.get("h") if type(node) is dict else None
    if type(body) is not list or len(body) != 3:
        return None
    number, type_name, _ = body
    return (number, type_name) if type(number) is int and type(type_name) is str else None


def _snake_case(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"\W", "", spaced).lower()
