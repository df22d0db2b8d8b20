"""The events of an attempt, and how each is recorded and chained to the one before."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple, Self

from harness.errors import StateError
from harness.model.attempt import End, Event, Mode, Reading
from harness.model.frozen import frozen
from harness.model.judgement import Feedback, Judgement, Suite, Verdict
from harness.model.plain import from_plain, to_plain


@frozen(kw_only=True)
class Payload:
    """The content of one kind of event."""

    kind: ClassVar[str]


@frozen(kw_only=True)
class Created(Payload):
    """The attempt began, and its clock with it."""

    kind: ClassVar[str] = "created"
    problem: str
    problem_version: str
    problem_hash: str
    levels: int
    mode: Mode
    feedback: Feedback
    minutes: int
    workspace: str
    seed: str
    template_snapshot: str


@frozen(kw_only=True)
class Submitted(Payload):
    """A snapshot was submitted for judging."""

    kind: ClassVar[str] = "submitted"
    snapshot: str


@frozen(kw_only=True)
class LevelTally:
    """The results of one level in one judgement."""

    level: int
    passed: int
    total: int
    accepted: bool


@frozen(kw_only=True)
class Judging(Payload):
    """A summary of a judgement, enough for replaying. The blob ``record`` holds the whole."""

    snapshot: str
    suite: Suite
    verdict: Verdict
    levels: tuple[LevelTally, ...]
    seconds: float
    record: str
    broken: bool = False
    """Whether the judge itself failed. A single failed case does not count: a solution can cause
    one."""

    @classmethod
    def of(cls, snapshot: str, judgement: Judgement, record: str) -> Self:
        """Summarise ``judgement``; ``record`` is the hash of the blob that holds it."""
        seconds = judgement.seconds
        return cls(
            snapshot=snapshot,
            suite=judgement.suite,
            verdict=judgement.verdict,
            levels=tuple(
                LevelTally(
                    level=level,
                    passed=judgement.passed(level),
                    total=judgement.total(level),
                    accepted=judgement.level_accepted(level),
                )
                for level in judgement.levels
            ),
            seconds=seconds if math.isfinite(seconds) and seconds > 0 else 0.0,
            record=record,
            broken=bool(judgement.error),
        )

    @property
    def counts(self) -> bool:
        """Whether it says anything about the solution: hidden suites, a judge that worked."""
        return self.suite is Suite.HIDDEN and self.verdict is not Verdict.JUDGE_ERROR

    def accepts(self, level: int) -> bool:
        """Whether the hidden suites of levels 1 to ``level`` were all accepted."""
        accepted = {tally.level for tally in self.levels if tally.accepted}
        return self.counts and accepted.issuperset(range(1, level + 1))


@frozen(kw_only=True)
class Judged(Judging):
    """The pending submission was judged."""

    kind: ClassVar[str] = "judged"


@frozen(kw_only=True)
class Tested(Judging):
    """The visible suites were run."""

    kind: ClassVar[str] = "tested"


@frozen(kw_only=True)
class LevelUnlocked(Payload):
    """The next level opened."""

    kind: ClassVar[str] = "level_unlocked"
    level: int


@frozen(kw_only=True)
class Paused(Payload):
    """Practice: the clock was stopped."""

    kind: ClassVar[str] = "paused"


@frozen(kw_only=True)
class Resumed(Payload):
    """Practice: the clock runs again."""

    kind: ClassVar[str] = "resumed"


@frozen(kw_only=True)
class Extended(Payload):
    """Practice: the time limit was raised."""

    kind: ClassVar[str] = "extended"
    minutes: int


@frozen(kw_only=True)
class Revealed(Payload):
    """Practice: the reference of the current level was shown."""

    kind: ClassVar[str] = "revealed"
    level: int


@frozen(kw_only=True)
class Finished(Payload):
    """The attempt is over."""

    kind: ClassVar[str] = "finished"
    end: End


@frozen(kw_only=True)
class Saved(Payload):
    """A snapshot was kept before something overwrote the files."""

    kind: ClassVar[str] = "saved"
    snapshot: str
    why: str


@frozen(kw_only=True)
class Moved(Payload):
    """The workspace was moved."""

    kind: ClassVar[str] = "moved"
    workspace: str


_PAYLOADS: dict[str, type[Payload]] = {
    payload.kind: payload
    for payload in (
        Created,
        Submitted,
        Judged,
        Tested,
        LevelUnlocked,
        Paused,
        Resumed,
        Extended,
        Revealed,
        Finished,
        Saved,
        Moved,
    )
}


class Record(NamedTuple):
    """An event as stored: all text, so that its hash does not depend on parsing."""

    attempt: str
    seq: int
    kind: str
    reading: str
    data: str
    previous_hash: str
    hash: str


def write_record(
    attempt: str, seq: int, payload: Payload, reading: Reading, previous_hash: str
) -> Record:
    """Return ``payload`` as event number ``seq`` of ``attempt``, chained to the previous event."""
    reading_text = _canonical(to_plain(reading))
    data = _canonical(to_plain(payload))
    digest = _digest(attempt, seq, payload.kind, reading_text, data, previous_hash)
    return Record(attempt, seq, payload.kind, reading_text, data, previous_hash, digest)


def read_records(attempt: str, records: Iterable[Record]) -> list[Event]:
    """Return the events of ``attempt`` in order, after checking the whole chain.

    Raises StateError when an event is missing, changed or unreadable.
    """
    events: list[Event] = []
    previous_hash = ""
    for seq, record in enumerate(records, start=1):
        digest = _digest(*record[:-1])
        expected = (attempt, seq, previous_hash, digest)
        if (record.attempt, record.seq, record.previous_hash, record.hash) != expected:
            raise damaged(attempt, seq, "does not follow from the event before it, or was changed")
        events.append(_parse_record(record))
        previous_hash = record.hash
    return events


def parse_payload(event: Event) -> Payload:
    """Return the content of ``event``. Raises StateError for an unknown kind or malformed data."""
    kind = _PAYLOADS.get(event.kind)
    if kind is None:
        raise damaged(event.attempt, event.seq, f"has an unknown kind ({event.kind!r})")
    try:
        return from_plain(kind, event.data)
    except ValueError as error:
        raise damaged(event.attempt, event.seq, f"is malformed ({event.kind})") from error


def parse_payloads(events: Sequence[Event]) -> list[Payload]:
    """Return the content of each event. Raises StateError like ``parse_payload``."""
    return [parse_payload(event) for event in events]


def damaged(attempt: str, seq: int, what: str) -> StateError:
    """Return the error for an impossible event: ``what`` completes "Event 3 of attempt x …"."""
    return StateError(
        f"Event {seq} of attempt {attempt} {what}: the record of this attempt is damaged.",
        hint="harness history  (lists the other attempts)",
    )


def _parse_record(record: Record) -> Event:
    try:
        data: dict[str, object] = json.loads(record.data)
        return Event(
            attempt=record.attempt,
            seq=record.seq,
            kind=record.kind,
            reading=from_plain(Reading, json.loads(record.reading)),
            data=data,
            previous_hash=record.previous_hash,
            hash=record.hash,
        )
    except ValueError as error:
        raise damaged(record.attempt, record.seq, "cannot be read") from error


def _canonical(content: object) -> str:
    # ASCII, because a path may hold undecodable bytes, which no UTF-8 text can.
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _digest(attempt: str, seq: int, kind: str, reading: str, data: str, previous_hash: str) -> str:
    whole = _canonical([previous_hash, attempt, seq, kind, reading, data])
    return hashlib.sha256(whole.encode("ascii")).hexdigest()
