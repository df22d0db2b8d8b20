"""The rule of the wire that a failing case met: in plain pytest it would pass."""

from __future__ import annotations

from harness.guest import values
from harness.guest.codec import Decoder, builtin_base
from harness.judge.classes import Valued
from harness.judge.explain import Comparison, parts_of
from harness.judge.objects import Handle
from harness.judge.transcript import Exchange, Transcript

NO_CLASS = "the judge has no classes of the solution: use isinstance"
ARGUMENT_COPIED = "arguments are copied: a solution cannot change a container of the suite"
ANSWER_COPIED = "answers are copied: to change one changes nothing in the solution"
ARRIVES_PLAIN = "a {own} of the suite arrives in the solution as a plain {plain}"
VALUE_COPIED = "an answer is made anew each time it comes: compare it by `==`"
_MUTABLE = (list, dict, set, bytearray)


def of_error(error: BaseException, transcript: Transcript) -> str:
    """Return the rule by which an object has no such attribute, empty when none is to blame."""
    if not isinstance(error, AttributeError) or type(error.name) is not str:  # it may say anything
        return ""
    for exchange in transcript.exchanges():
        for part in parts_of(exchange.sent):
            if (rule := _of_class(type(part))) and hasattr(part, error.name):
                return rule
    return ""


def of_comparison(comparison: Comparison, transcript: Transcript) -> str:
    """Return the rule that explains why the two sides differ, empty when none does."""
    left, right = comparison.left, comparison.right
    if comparison.op == "is":
        for one, other in ((left, right), (right, left)):
            if builtin_base(type(one)) is type(other) and one == other:
                return _of_class(type(one))
            if isinstance(one, type) and builtin_base(one) is other:
                return _of_class(one)
    if _is_stand_in(left) or _is_stand_in(right):
        return NO_CLASS
    if comparison.op == "is" and type(left) is type(right) and left == right:
        return VALUE_COPIED
    if not isinstance(left, _MUTABLE):
        return ""
    exchanges = transcript.exchanges()
    if any(sent is left for each in exchanges for sent in each.sent):
        return ARGUMENT_COPIED
    if comparison.op == "==" and any(_was_changed_to(right, each) for each in exchanges):
        return ANSWER_COPIED
    return ""


def _of_class(kind: type) -> str:
    """Say that objects of a class of the suite cross as plain values, if they do."""
    base = builtin_base(kind)
    if base in (None, kind) or kind is bool or values.type_of(kind) or issubclass(kind, Valued):
        return ""
    return ARRIVES_PLAIN.format(own=kind.__name__, plain=base.__name__)


def _is_stand_in(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Handle)


def _was_changed_to(value: object, exchange: Exchange) -> bool:
    """Tell whether the suite has changed what a call returned, and now expects the same of it."""
    received = exchange.received
    if not isinstance(received, _MUTABLE) or exchange.end or type(received) is not type(value):
        return False
    try:
        return received == value and Decoder().decode(exchange.value) != received
    except Exception:  # it holds objects of the solution
        return False
