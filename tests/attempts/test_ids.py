from __future__ import annotations

import pytest

from harness.attempts.log import is_attempt_id, new_attempt_id


def test_ids_have_six_characters_that_are_hard_to_misread():
    seen = {new_attempt_id() for _ in range(300)}
    assert len(seen) == 300
    assert {len(name) for name in seen} == {6}
    assert not set("01oli") & set("".join(seen))
    assert all(is_attempt_id(name) for name in seen)


@pytest.mark.parametrize(
    "text", ["", "abc23", "abc2345", "abc23o", "ABC234", "../abc", "abc23\n", "abc234\n", "\ud800"]
)
def test_anything_else_is_no_id(text):
    assert not is_attempt_id(text)
