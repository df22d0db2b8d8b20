"""Reads as much of a record as is readable, and lists everything that is damaged.

Import this module inside functions: it imports ``sqlite3``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from harness.attempts.log import (
    COLUMNS,
    Kind,
    Row,
    list_ids,
    read_judgement,
    read_rows,
    read_snapshot,
)
from harness.attempts.replay import replay
from harness.errors import StateError
from harness.model.attempt import Event, Reading
from harness.model.frozen import frozen
from harness.model.judgement import Judgement
from harness.model.plain import to_plain

_MOST_PROBLEMS = 20
"""The limit for problems that SQLite finds; one damaged page causes many."""


@frozen(kw_only=True)
class Inspection:
    """The condition of a record."""

    attempts: int
    events: int
    """The number of readable ones."""
    problems: tuple[str, ...]
    """One sentence for each damage; empty when the record is whole."""


class _Inspector:
    """Continues after what cannot be read, and collects the problems."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.problems: list[str] = []

    def read(self, what: str, do: Callable[[], Any]) -> Any:
        """Return what ``do`` returns; None, with one more problem, when it fails."""
        try:
            return do()
        except sqlite3.Error as error:
            self.problems.append(f"{what} cannot be read: {error}.")
        except StateError as error:
            self.problems.append(f"{what}: {error.message}")
        return None

    def rows(self, attempt_id: str) -> list[Row]:
        """Return the stored events of an attempt, those before and those after a damaged page."""
        found: dict[int, Row] = {}

        def collect(order: str) -> bool:
            rows = self.connection.execute(
                f"SELECT {', '.join(COLUMNS)} FROM events WHERE attempt = ? ORDER BY seq {order}",
                (attempt_id,),
            )
            for row in rows:
                found[row[1]] = row
            return True

        if not self.read(f"A part of attempt {attempt_id}", lambda: collect("ASC")):
            self.read(f"More of attempt {attempt_id}", lambda: collect("DESC"))
        return [found[seq] for seq in sorted(found)]

    def events(self, attempt_id: str, rows: list[Row], now: Reading | None) -> list[Event]:
        """Return the events in ``rows``; none when their chain is broken.

        Replays them up to ``now``, by default up to the last of them.
        """
        what = f"Attempt {attempt_id}"
        events: list[Event] = self.read(what, lambda: read_rows(attempt_id, rows)) or []
        if events:
            self.read(what, lambda: replay(events, now or events[-1].reading))
        return events

    def judgement(self, event: Event) -> Judgement | None:
        """Return the judgement of an event; None when it has none or it cannot be read."""
        if event.kind not in (Kind.JUDGED, Kind.TESTED):
            return None
        judgement: Judgement | None = self.read(
            f"The judgement of event {event.seq} of attempt {event.attempt}",
            lambda: read_judgement(self.connection, str(event.data.get("record"))),
        )
        return judgement

    def snapshot(self, event: Event) -> None:
        """Check the snapshot that an event refers to, if any."""
        named = event.data.get("snapshot", event.data.get("template_snapshot"))
        if named is not None:
            self.read(
                f"The files of event {event.seq} of attempt {event.attempt}",
                lambda: read_snapshot(self.connection, str(named)),
            )


def inspect(connection: sqlite3.Connection, now: Reading) -> Inspection:
    """Read the whole record. Raises nothing: whatever cannot be read becomes a problem."""
    inspector = _Inspector(connection)
    check = f"PRAGMA integrity_check({_MOST_PROBLEMS})"
    for (sentence,) in inspector.read("The file", connection.execute(check).fetchall) or ():
        if sentence != "ok":
            inspector.problems.append(f"SQLite reports: {' '.join(sentence.split())}.")
    ids = inspector.read("The list of attempts", lambda: list_ids(connection)) or []
    count = 0
    for attempt_id in ids:
        rows = inspector.rows(attempt_id)
        count += len(rows)
        if not rows:
            inspector.problems.append(f"Attempt {attempt_id} has no readable events.")
        for event in inspector.events(attempt_id, rows, now):
            inspector.snapshot(event)
            inspector.judgement(event)
    problems = tuple(dict.fromkeys(inspector.problems))
    return Inspection(attempts=len(ids), events=count, problems=problems)


def export_events(
    connection: sqlite3.Connection, attempt_id: str, *, judgements: bool
) -> dict[str, object]:
    """Return the readable events of an attempt as plain data.

    With ``judgements`` each is included in full, or None where it is damaged. ``problems`` names
    what is damaged or missing, one sentence each.
    """
    inspector = _Inspector(connection)
    rows = inspector.rows(attempt_id)
    events = inspector.events(attempt_id, rows, now=None)
    full = {event.seq: inspector.judgement(event) for event in events} if judgements else {}
    exported = [to_plain(event) for event in events] or [_loose(row) for row in rows]
    for event in exported:
        if judgements and event["kind"] in (Kind.JUDGED, Kind.TESTED):
            event["judgement"] = to_plain(full.get(event["seq"]))
    problems = list(dict.fromkeys(inspector.problems))
    return {"format": 1, "attempt": attempt_id, "events": exported, "problems": problems}


def _loose(row: Row) -> dict[str, Any]:
    """Return the parts of an unchecked event; texts that are not JSON stay texts."""
    parts: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    for name in ("reading", "data"):
        with suppress(ValueError):
            parts[name] = json.loads(parts[name])
    return parts
