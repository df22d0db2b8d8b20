"""The words of what is refused; what is allowed when is in test_store.py."""

from __future__ import annotations

import pytest

from harness.attempts.permissions import require_open
from harness.errors import RequestError
from harness.model.attempt import Mode


@pytest.mark.parametrize(("minutes", "words"), [(1, "the 1 minute of"), (2, "the 2 minutes of")])
def test_time_that_is_up_is_counted_in_words(store, clock, begin, minutes, words):
    attempt = begin(Mode.EXAM, minutes=minutes)
    clock.advance(minutes=minutes)
    with pytest.raises(RequestError, match=words):
        require_open(store.state(attempt))
