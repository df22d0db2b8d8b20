"""The wire form of a request: what the judge's parent sends to its child, one JSON line each.

The child sends events back, one JSON object a line: ``protection``, then ``collected`` with the
names of all cases, an ``outcome`` for each (with its docstring, which cites rules, if it failed),
before it perhaps what the case has ``changed`` in its suite, or that it is ``undecided``, and
``done`` or ``failed`` in the end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from harness.model.frozen import frozen
from harness.model.limits import Boxes, Limits

FIRST_BOXES = 4
CASES_PER_BOX = 5
"""Of a shared one, at most. The first finds it fresh: so one of five is judged as in a box of its
own, and what a case leaves there reaches few."""
MOST_BOXES_AHEAD = 16
"""Boxes to prepare before the first case; more would only take memory."""


@frozen(kw_only=True)
class Order:
    """What the child is to judge.

    One without ``files`` is an announcement: the child starts its sandbox and collects the suites,
    so that an order it covers is carried out at once.
    """

    backend: str
    """A backend's name, or ``auto``."""
    cache: str
    """Folder for compiled suites; empty for none."""
    root: str
    """The problem's folder."""
    module: str
    symbols: Mapping[str, Any]
    """The fields of :class:`harness.model.manifest.Symbols`, of all levels together."""
    limits: Limits
    select: str
    seed: str
    suites: tuple[tuple[int, str], ...]
    """Level and path of each suite to run; in an announcement, of each that may come."""
    files: dict[str, str] | None = None
    stop_at_timeout: bool = False
    any_backend: bool = False
    """Whether another backend may judge if this one cannot be used."""
    judged: tuple[str, ...] = ()
    """Ids of cases to leave out: another child has judged them."""
    only: tuple[str, ...] = ()
    """Functions whose cases to run, such as ``level2::TestTies::test_two``; empty for all."""
    switch_seconds: float = 0.0
    """How long a thread of suite or solution runs before another may; 0 for the usual time."""
    tells_changes: bool = False
    """Whether to say what a case leaves changed in its suite (see ``suite_state``)."""

    boxes: Boxes = "fresh"
    """With shared ones a case that is not accepted is judged again, in a box of its own."""

    @property
    def first_boxes(self) -> int:
        """How many boxes to prepare with the order, while its suites are collected."""
        return FIRST_BOXES if self.boxes == "fresh" else 1

    def boxes_for(self, cases: int) -> int:
        """Return how many boxes so many cases need if all goes well."""
        return cases if self.boxes == "fresh" else -(-cases // CASES_PER_BOX)

    def covers(self, other: Order) -> bool:
        """Return whether a child that has collected for this order can carry out ``other``."""
        same = replace(other, files=self.files, judged=self.judged, suites=self.suites)
        same = replace(same, stop_at_timeout=self.stop_at_timeout, only=self.only)
        same = replace(same, switch_seconds=self.switch_seconds, boxes=self.boxes)
        return self == same and set(other.suites) <= set(self.suites)

    def to_line(self) -> bytes:
        """Return the order as a line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Order:
        """Undo :meth:`to_line`."""
        data = json.loads(line)
        data["limits"] = Limits(**data["limits"])
        data["only"] = tuple(data["only"])
        data["suites"] = tuple((level, path) for level, path in data["suites"])
        return cls(**data)
