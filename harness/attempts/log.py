"""The log of an attempt: its kinds of events, their chain of hashes, and the rows in the database.

An event is stored as a row of texts, so that its hash does not depend on parsing. Snapshots and
judgements are stored once, under the hash of their content.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import zlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from harness.errors import RequestError, StateError
from harness.model.attempt import End, Event, Mode, Reading
from harness.model.judgement import Feedback, Judgement, Suite, Verdict
from harness.model.plain import from_plain, to_plain
from harness.model.problem import Snapshot
from harness.words import did_you_mean

if TYPE_CHECKING:
    import sqlite3

COLUMNS = ("attempt", "seq", "kind", "reading", "data", "previous_hash", "hash")
"""Of a row, and of the table ``events``."""

Row = tuple[str, int, str, str, str, str, str]

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_ID = re.compile(rf"[{_ALPHABET}]{{6}}")


class Kind(StrEnum):
    """What can happen in an attempt. ``FIELDS`` lists what is recorded of each."""

    CREATED = "created"
    """The attempt began, and its clock with it."""
    SUBMITTED = "submitted"
    """A snapshot was submitted for judging."""
    JUDGED = "judged"
    """The pending submission was judged."""
    TESTED = "tested"
    """The visible suites were run."""
    LEVEL_UNLOCKED = "level_unlocked"
    """The next level opened."""
    PAUSED = "paused"
    """Practice: the clock was stopped."""
    RESUMED = "resumed"
    """Practice: the clock runs again."""
    EXTENDED = "extended"
    """Practice: the time limit was raised."""
    REVEALED = "revealed"
    """Practice: the reference of the current level was shown."""
    HINTED = "hinted"
    """Practice: the next hint of the current level was shown."""
    CANCELLED = "cancelled"
    """The candidate stopped the judging of the pending submission, which stays pending."""
    SUSPENDED = "suspended"
    """Nothing judged the pending submission for so long: the command was stopped, as by Ctrl-Z, or
    killed. The time is charged."""
    FINISHED = "finished"
    """The attempt is over."""
    SAVED = "saved"
    """A snapshot was kept before something overwrote the files."""
    MOVED = "moved"
    """The workspace was moved."""


# A summary of a judgement, enough for replaying. The blob ``record`` holds the whole.
_JUDGING = {
    "snapshot": str,
    "suite": Suite,
    "verdict": Verdict,
    "levels": [{"level": int, "passed": int, "total": int, "accepted": bool}],
    "seconds": float,
    "record": str,
    # Whether the judge itself failed. A single failed case does not count: a solution can
    # cause one.
    "broken": bool,
}

FIELDS: Mapping[Kind, Mapping[str, Any]] = {
    Kind.CREATED: {
        "problem": str,
        "problem_version": str,
        "problem_hash": str,
        "levels": int,
        "mode": Mode,
        "feedback": Feedback,
        "minutes": int,
        "workspace": str,
        "seed": str,
        "template_snapshot": str,
    },
    Kind.SUBMITTED: {"snapshot": str},
    Kind.JUDGED: _JUDGING,
    Kind.TESTED: _JUDGING,
    Kind.LEVEL_UNLOCKED: {"level": int},
    Kind.PAUSED: {},
    Kind.RESUMED: {},
    Kind.EXTENDED: {"minutes": int},
    Kind.REVEALED: {"level": int},
    Kind.HINTED: {"level": int, "number": int},
    Kind.CANCELLED: {"snapshot": str, "seconds": float},
    Kind.SUSPENDED: {"seconds": float},
    Kind.FINISHED: {"end": End},
    Kind.SAVED: {"snapshot": str, "why": str},
    Kind.MOVED: {"workspace": str},
}
"""Name and type of everything in the ``data`` of an event, by its kind."""


def require_valid(event: Event) -> None:
    """Raise StateError for an event of an unknown kind or with other data than such have."""
    if event.kind not in list(Kind):
        raise damaged(event.attempt, event.seq, f"has an unknown kind ({event.kind!r})")
    if not _fits(event.data, FIELDS[Kind(event.kind)]):
        raise damaged(event.attempt, event.seq, f"is malformed ({event.kind})")


def _fits(value: object, kind: Any) -> bool:
    """Whether ``value``, read from JSON, has the form ``kind``, as ``FIELDS`` describes forms."""
    if isinstance(kind, Mapping):
        return (
            isinstance(value, dict)
            and value.keys() == kind.keys()
            and all(_fits(value[name], kind[name]) for name in kind)
        )
    if isinstance(kind, list):
        return isinstance(value, list) and all(_fits(each, kind[0]) for each in value)
    if issubclass(kind, StrEnum):
        return value in list(kind)
    return type(value) is kind or (kind is float and type(value) is int)


def summarise(judgement: Judgement, snapshot: str, record: str) -> dict[str, Any]:
    """Return the data of the event for ``judgement``; ``record`` is the hash of its blob."""
    seconds = judgement.seconds
    return {
        "snapshot": snapshot,
        "suite": judgement.suite,
        "verdict": judgement.verdict,
        "levels": [
            {
                "level": level,
                "passed": judgement.passed(level),
                "total": judgement.total(level),
                "accepted": judgement.level_accepted(level),
            }
            for level in judgement.levels
        ],
        "seconds": seconds if math.isfinite(seconds) and seconds > 0 else 0.0,
        "record": record,
        "broken": bool(judgement.error),
    }


def counts(judging: Mapping[str, Any]) -> bool:
    """Whether it says anything about the solution: hidden suites, a judge that worked."""
    is_hidden = Suite(judging["suite"]) is Suite.HIDDEN
    return is_hidden and Verdict(judging["verdict"]) is not Verdict.JUDGE_ERROR


def accepts(judging: Mapping[str, Any], level: int) -> bool:
    """Whether the hidden suites of levels 1 to ``level`` were all accepted."""
    accepted = {each["level"] for each in judging["levels"] if each["accepted"]}
    return counts(judging) and accepted.issuperset(range(1, level + 1))


def write_row(
    attempt: str,
    seq: int,
    kind: Kind,
    data: Mapping[str, object],
    reading: Reading,
    previous_hash: str,
) -> Row:
    """Return the row of event number ``seq`` of ``attempt``, chained to the event before it."""
    texts = (_canonical(to_plain(reading)), _canonical(data), previous_hash)
    return (attempt, seq, kind.value, *texts, _digest(attempt, seq, kind.value, *texts))


def read_row(row: Row) -> Event:
    """Return the event in a row. Raises StateError when it is unreadable."""
    attempt, seq, kind, reading, data, previous_hash, digest = row
    try:
        return Event(
            attempt=attempt,
            seq=seq,
            kind=kind,
            reading=from_plain(Reading, json.loads(reading)),
            data=json.loads(data),
            previous_hash=previous_hash,
            hash=digest,
        )
    except ValueError as error:
        raise damaged(attempt, seq, "cannot be read") from error


def read_rows(attempt: str, rows: Iterable[Row]) -> list[Event]:
    """Return the events of ``attempt`` in order, after checking the whole chain.

    Raises StateError when an event is missing, changed or unreadable.
    """
    events: list[Event] = []
    previous_hash = ""
    for seq, row in enumerate(rows, start=1):
        found = (row[0], row[1], row[5], row[6])
        if found != (attempt, seq, previous_hash, _digest(*row[:-1])):
            raise damaged(attempt, seq, "does not follow from the event before it, or was changed")
        events.append(read_row(row))
        previous_hash = row[6]
    return events


def damaged(attempt: str, seq: int, what: str) -> StateError:
    """Return the error for an impossible event: ``what`` completes "Event 3 of attempt x …"."""
    return StateError(
        f"Event {seq} of attempt {attempt} {what}: the record of this attempt is damaged.",
        hint="harness history  # lists the other attempts",
    )


def _canonical(content: object) -> str:
    # ASCII, because a path may hold undecodable bytes, which no UTF-8 text can.
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _digest(attempt: str, seq: int, kind: str, reading: str, data: str, previous_hash: str) -> str:
    whole = _canonical([previous_hash, attempt, seq, kind, reading, data])
    return hashlib.sha256(whole.encode("ascii")).hexdigest()


def new_attempt_id() -> str:
    """Return a random id of six characters, without the look-alikes 0 o 1 l i."""
    import secrets  # with random: only `start` needs it

    return "".join(secrets.choice(_ALPHABET) for _ in range(6))


class Log:
    """The events of one attempt, read once and kept equal to the database."""

    def __init__(
        self, connection: sqlite3.Connection, attempt_id: str, events: list[Event], now: Reading
    ) -> None:
        self.connection = connection
        self.events = events
        self.now = now
        """The time of the transaction."""
        self._attempt_id = attempt_id

    @classmethod
    def begin(cls, connection: sqlite3.Connection, attempt_id: str, now: Reading) -> Self:
        """Create the log of a new attempt. Raises RequestError for a malformed or taken id."""
        if not _ID.fullmatch(attempt_id) or attempt_id in list_ids(connection):
            raise RequestError(
                f"{attempt_id!r} cannot be the id of a new attempt: it is taken or malformed.",
                hint="harness history",
            )
        connection.execute("INSERT INTO attempts (id) VALUES (?)", (attempt_id,))
        return cls(connection, attempt_id, [], now)

    @classmethod
    def load(cls, connection: sqlite3.Connection, attempt_id: str, now: Reading) -> Self:
        """Read the log of an attempt that may not exist.

        Raises RequestError, with the nearest id, when there is no such attempt, and StateError
        when it is damaged.
        """
        require_known(connection, attempt_id)
        return cls.load_known(connection, attempt_id, now)

    @classmethod
    def load_known(cls, connection: sqlite3.Connection, attempt_id: str, now: Reading) -> Self:
        """Read the log of a listed attempt. Raises StateError when it is damaged."""
        rows = connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM events WHERE attempt = ? ORDER BY seq",
            (attempt_id,),
        )
        return cls(connection, attempt_id, read_rows(attempt_id, rows), now)

    def append(self, kind: Kind, **data: object) -> None:
        """Write the next event, at the time of the transaction."""
        previous_hash = self.events[-1].hash if self.events else ""
        seq = len(self.events) + 1
        row = write_row(self._attempt_id, seq, kind, data, self.now, previous_hash)
        self.connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        self.events.append(read_row(row))


def require_known(connection: sqlite3.Connection, attempt_id: str) -> None:
    """Raise RequestError, with the nearest id, when there is no attempt with this id."""
    known = list_ids(connection)
    if attempt_id not in known:
        meant = did_you_mean(attempt_id, known)
        raise RequestError(f"There is no attempt {attempt_id!r}.{meant}", hint="harness history")


def list_ids(connection: sqlite3.Connection) -> list[str]:
    """Return the ids of all attempts, oldest first."""
    return [row[0] for row in connection.execute("SELECT id FROM attempts ORDER BY number")]


def write_snapshot(connection: sqlite3.Connection, snapshot: Snapshot) -> str:
    """Store ``snapshot`` if it is not stored yet, and return its hash."""
    row = connection.execute("SELECT 1 FROM snapshots WHERE hash = ?", (snapshot.hash,)).fetchone()
    if row is None:
        connection.execute("INSERT INTO snapshots VALUES (?)", (snapshot.hash,))
        connection.executemany(
            "INSERT INTO snapshot_files VALUES (?, ?, ?)",
            [
                (snapshot.hash, name, _write_blob(connection, content))
                for name, content in snapshot.files.items()
            ],
        )
    return snapshot.hash


def read_snapshot(connection: sqlite3.Connection, snapshot_hash: str) -> Snapshot:
    """Return the snapshot with this hash. Raises StateError when it is missing or damaged."""
    rows: list[tuple[str, str]] = connection.execute(
        "SELECT name, blob FROM snapshot_files WHERE snapshot = ?", (snapshot_hash,)
    ).fetchall()
    snapshot = Snapshot(files={name: _read_blob(connection, blob) for name, blob in rows})
    if snapshot.hash != snapshot_hash:
        raise _lost("snapshot", snapshot_hash)
    return snapshot


def write_judgement(connection: sqlite3.Connection, judgement: Judgement) -> str:
    """Store ``judgement`` and return the hash of its blob."""
    # ASCII, because a solution's output may hold lone surrogates, which UTF-8 cannot write.
    return _write_blob(connection, json.dumps(to_plain(judgement)).encode("ascii"))


def read_judgement(connection: sqlite3.Connection, blob_hash: str) -> Judgement:
    """Return the judgement in this blob. Raises StateError when it is missing or damaged."""
    content = _read_blob(connection, blob_hash)
    try:
        return from_plain(Judgement, json.loads(content))
    except ValueError as error:
        raise _lost("judgement", blob_hash) from error


def _write_blob(connection: sqlite3.Connection, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    connection.execute(
        "INSERT INTO blobs VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
        (digest, zlib.compress(content)),
    )
    return digest


def _read_blob(connection: sqlite3.Connection, digest: str) -> bytes:
    row: tuple[bytes] | None = connection.execute(
        "SELECT zlib FROM blobs WHERE hash = ?", (digest,)
    ).fetchone()
    try:
        content = zlib.decompress(row[0]) if row else b""
    except zlib.error as error:
        raise _lost("content", digest) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise _lost("content", digest)
    return content


def _lost(what: str, digest: str) -> StateError:
    return StateError(
        f"The {what} {digest[:12]} is missing from the record of attempts, or damaged.",
        hint="harness attempts verify",
    )
