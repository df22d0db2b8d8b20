"""The wire form of a request: what the judge's parent sends to its child, one JSON line each.

The child sends events back, one JSON object a line: ``protection``, then ``collected`` with the
names of all cases, an ``outcome`` for each, and ``done`` or ``failed`` in the end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from harness.model.frozen import frozen
from harness.model.limits import Limits

if TYPE_CHECKING:  # the child starts without them
    from pathlib import Path

    from harness.model.problem import Request

FIRST_BOXES = 4
"""Boxes to prepare with the order, while its suites are collected."""
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
    judged: tuple[str, ...] = ()
    """Ids of cases to leave out: another child has judged them."""

    @classmethod
    def of(cls, request: Request, backend: str, cache: Path | None) -> Order:
        """Return the order that asks for ``request``."""
        problem = request.problem
        return cls(
            backend=backend,
            cache=str(cache or ""),
            root=str(problem.root),
            module=problem.manifest.module,
            symbols=vars(problem.manifest.symbols),
            limits=problem.manifest.limits,
            select=request.select,
            seed=request.seed,
            suites=tuple(
                (level, str(problem.suite_path(level, request.suite))) for level in request.levels
            ),
            # As Python reads a file: without the byte order mark that some editors write.
            files={name: data.decode("utf-8-sig") for name, data in request.snapshot.files.items()},
            stop_at_timeout=request.stop_at_timeout,
        )

    def covers(self, other: Order) -> bool:
        """Return whether a child that has collected for this order can carry out ``other``."""
        same = replace(other, files=self.files, judged=self.judged, suites=self.suites)
        same = replace(same, stop_at_timeout=self.stop_at_timeout)
        return self == same and set(other.suites) <= set(self.suites)

    def to_line(self) -> bytes:
        """Return the order as a line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Order:
        """Undo :meth:`to_line`."""
        data = json.loads(line)
        data["limits"] = Limits(**data["limits"])
        data["suites"] = tuple((level, path) for level, path in data["suites"])
        return cls(**data)


def announcement(orders: Sequence[Order]) -> Order:
    """Return what to announce when one of ``orders``, which are of one problem, may come."""
    suites = dict.fromkeys(suite for order in orders for suite in order.suites)
    return replace(orders[0], files=None, suites=tuple(suites))
