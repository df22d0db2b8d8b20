"""The record of attempts as files: taken out, copied, looked through, brought back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import RequestError, StateError
from harness.model.judgement import Feedback

if TYPE_CHECKING:
    from harness.attempts import AttemptStore
    from harness.attempts.inspection import Inspection


class AttemptRecord:
    """What can be done with the record as a whole; also when it is damaged."""

    def __init__(self, store: AttemptStore) -> None:
        self._store = store

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._store.home

    def export(self, attempt_id: str) -> dict[str, object]:
        """All that can be read of an attempt, as plain data; ``problems`` says what cannot.

        Raises RequestError when it is open and must not show all of that yet.
        """
        try:
            state = self._store.state(attempt_id)
        except StateError:
            # Nobody knows any more whether it is over, and what it may show.
            return self._store.export(attempt_id, judgements=False)
        if state.is_open and state.feedback is not Feedback.FULL:
            raise RequestError(
                f"Attempt {state.id} is open, and its export holds more than its feedback "
                f"({state.feedback}) may show.",
                "harness finish",
            )
        return self._store.export(attempt_id)

    def backup(self, path: Path) -> None:
        """Write a copy of the whole record to ``path``. Raises RequestError when that exists."""
        self._store.backup(path)

    def verify(self) -> Inspection:
        """Read all of it: every page, every chain, every snapshot and judgement."""
        return self._store.inspect()

    def restore(self, path: Path) -> Path:
        """Bring the backup ``path`` back; return where the present record was kept.

        Raises RequestError when ``path`` is no sound backup.
        """
        return self._store.restore(path)
