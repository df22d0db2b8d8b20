from __future__ import annotations

import pytest

from harness.errors import nearest


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kv_stor", "kv_store"),
        ("KV-Store", "kv_store"),
        ("rate", "rate_limiter"),
        ("zzz", None),
        ("", None),
    ],
)
def test_nearest(name: str, expected: str | None) -> None:
    assert nearest(name, {"kv_store", "rate_limiter", "task_scheduler"}) == expected
