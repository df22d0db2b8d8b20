"""Reads as much of a record as is readable, and lists everything that is damaged.

Import this module inside functions: it imports ``sqlite3``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from harness.attempts import archive
from harness.attempts.events import Judging as JudgingPayload
from harness.attempts.events import Record, parse_payload, read_records
from harness.attempts.log import COLUMNS, list_ids
from harness.attempts.replay import replay
from harness.errors import StateError
from harness.model.attempt import Event, Reading
from harness.model.frozen import frozen
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

    def rows(self, attempt_id: str) -> list[Record]:
        """Return the stored events of an attempt, those before and those after a damaged page."""
        found: dict[int, Record] = {}

        def collect(order: str) -> bool:
            rows = self.connection.execute(
                f"SELECT {COLUMNS} FROM events WHERE attempt = ? ORDER BY seq {order}",
                (attempt_id,),
            )
            for row in rows:
                found[row[1]] = Record._make(row)
            return True

        if not self.read(f"A part of attempt {attempt_id}", lambda: collect("ASC")):
            self.read(f"More of attempt {attempt_id}", lambda: collect("DESC"))
        return [found[seq] for seq in sorted(found)]

    def chain(self, attempt_id: str, rows: list[Record]) -> list[Event]:
        """Return the events; none when their chain is broken."""
        checked = self.read(f"Attempt {attempt_id}", lambda: read_records(attempt_id, rows))
        return checked or []

    def judgement(self, event: Event) -> Any:
        """Return the judgement of an event; None when it has none or it cannot be read."""
        payload = parse_payload(event)
        if not isinstance(payload, JudgingPayload):
            return None
        return self.read(
            f"The judgement of event {event.seq} of attempt {event.attempt}",
            lambda: archive.read_judgement(self.connection, payload.record),
        )

    def snapshot(self, event: Event) -> None:
        """Check the snapshot that an event refers to, if any."""
        named = event.data.get("snapshot", event.data.get("template_snapshot"))
        if named is not None:
            self.read(
                f"The files of event {event.seq} of attempt {event.attempt}",
                lambda: archive.read_snapshot(self.connection, str(named)),
            )


def inspect(connection: sqlite3.Connection, now: Reading) -> Inspection:
    """Read the whole record. Raises nothing: whatever cannot be read becomes a problem."""
    inspector = _Inspector(connection)
    for (sentence,) in inspector.read("The file", lambda: _integrity(connection)) or ():
        if sentence != "ok":
            inspector.problems.append(f"SQLite reports: {' '.join(sentence.split())}.")
    ids = inspector.read("The list of attempts", lambda: list_ids(connection)) or []
    count = 0
    for attempt_id in ids:
        count += _inspect_attempt(inspector, attempt_id, now)
    problems = tuple(dict.fromkeys(inspector.problems))
    return Inspection(attempts=len(ids), events=count, problems=problems)


def _inspect_attempt(inspector: _Inspector, attempt_id: str, now: Reading) -> int:
    """Check one attempt, and return the number of its readable events."""
    rows = inspector.rows(attempt_id)
    events = inspector.chain(attempt_id, rows)
    if not rows:
        inspector.problems.append(f"Attempt {attempt_id} has no readable events.")
    if events and inspector.read(f"Attempt {attempt_id}", lambda: replay(events, now)):
        for event in events:
            inspector.snapshot(event)
            inspector.judgement(event)
    return len(rows)


def export_events(
    connection: sqlite3.Connection, attempt_id: str, *, judgements: bool
) -> dict[str, object]:
    """Return the readable events of an attempt as plain data.

    With ``judgements`` each is included in full, or None where it is damaged. ``problems`` names
    what is damaged or missing, one sentence each.
    """
    inspector = _Inspector(connection)
    rows = inspector.rows(attempt_id)
    checked = inspector.chain(attempt_id, rows)
    if checked:
        inspector.read(f"Attempt {attempt_id}", lambda: replay(checked, checked[-1].reading))
    full = {event.seq: inspector.judgement(event) for event in checked} if judgements else {}
    events = [to_plain(event) for event in checked] or [dict(_loose(row)) for row in rows]
    for event in events:
        if judgements and event["kind"] in ("judged", "tested"):
            event["judgement"] = to_plain(full.get(event["seq"]))
    problems = list(dict.fromkeys(inspector.problems))
    return {"format": 1, "attempt": attempt_id, "events": events, "problems": problems}


def _integrity(connection: sqlite3.Connection) -> list[tuple[str]]:
    return connection.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})").fetchall()


def _loose(row: Record) -> Iterator[tuple[str, Any]]:
    """Yield the parts of an unchecked event; texts that are not JSON stay texts."""
    for name, value in row._asdict().items():
        try:
            yield name, json.loads(value) if name in ("reading", "data") else value
        except ValueError:
            yield name, value
