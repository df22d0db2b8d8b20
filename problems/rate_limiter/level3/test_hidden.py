import pytest
from solution import RateLimiter, UnknownTier


def offer() -> RateLimiter:
    """Default 10 units a minute, two buckets, two sliding windows, three costs."""
    limiter = RateLimiter(10, 60)
    limiter.add_tier("small", 4, 1, 10)
    limiter.add_tier("large", 12, 3, 7)
    limiter.add_window_tier("slow", 5, 30)
    limiter.add_window_tier("fast", 8, 20)
    for cost in (2, 3, 4):
        limiter.set_cost(f"cost {cost}", cost)
    return limiter


def test_request_leaves_a_sliding_window():
    """A request leaves a sliding window exactly when the window's length has passed.

    Rule: A request at `t` is admitted if its cost and the units admitted at moments `s` with `t -
    window < s <= t` are together at most `limit`.
    Rule: `add_window_tier(name: str, limit: int, window: int) -> None`: adds a tier without bucket.
    """
    limiter = RateLimiter(10, 60)
    limiter.add_window_tier("basic", 1, 10)
    limiter.set_tier("ann", "basic", 3)
    answers = [limiter.allow("ann", t) for t in (7, 16, 17, 26, 27)]
    assert answers == [True, False, True, False, True]


def test_sliding_window_has_no_borders():
    """A sliding window never admits twice its limit around a border of the fixed windows.

    Rule: A request at `t` is admitted if its cost and the units admitted at moments `s` with `t -
    window < s <= t` are together at most `limit`.
    """
    limiter = offer()
    limiter.set_tier("ann", "slow", 0)
    assert [limiter.allow("ann", 59) for _ in range(6)] == [True] * 5 + [False]
    assert [limiter.allow("ann", t) for t in (60, 88, 89)] == [False, False, True]


def test_requests_leave_a_sliding_window_one_by_one():
    """Units of a sliding window come back one request at a time.

    Rule: A request at `t` is admitted if its cost and the units admitted at moments `s` with `t -
    window < s <= t` are together at most `limit`.
    Rule: `remaining` and `retry_after` follow from that; `retry_after` is `None` if the cost is
    more than `limit`.
    """
    limiter = offer()
    limiter.set_tier("ann", "slow", 0)
    limiter.allow("ann", 10, "cost 2")
    limiter.allow("ann", 14)
    limiter.allow("ann", 14)
    limiter.allow("ann", 20)
    moments = (20, 39, 40, 43, 44, 49, 50)
    assert [limiter.remaining("ann", t) for t in moments] == [0, 0, 2, 2, 4, 4, 5]


def test_refused_requests_are_not_in_a_sliding_window():
    """Refused requests do not lengthen the wait of a sliding window.

    Rule: A request at `t` is admitted if its cost and the units admitted at moments `s` with `t -
    window < s <= t` are together at most `limit`.
    Rule: A refused request costs nothing, and a cheaper one may still be admitted after it.
    """
    limiter = offer()
    limiter.set_tier("ann", "slow", 0)
    limiter.allow("ann", 1, "cost 4")
    assert [limiter.allow("ann", t, "cost 3") for t in (5, 20, 30, 31)] == [
        False,
        False,
        False,
        True,
    ]
    assert limiter.usage("ann", 0, 100) == 7


def test_cost_that_fits_a_sliding_window_exactly():
    """In a sliding window the whole cost must fit, to the last unit.

    Rule: A request at `t` is admitted if its cost and the units admitted at moments `s` with `t -
    window < s <= t` are together at most `limit`.
    """
    limiter = offer()
    limiter.set_tier("ann", "slow", 0)
    assert limiter.allow("ann", 0, "cost 3") is True
    assert limiter.allow("ann", 0, "cost 3") is False
    assert limiter.allow("ann", 0, "cost 2") is True
    assert limiter.remaining("ann", 0) == 0


def test_wait_of_a_sliding_window_depends_on_the_cost():
    """The wait in a sliding window lasts until the whole cost fits.

    Rule: `remaining` and `retry_after` follow from that; `retry_after` is `None` if the cost is
    more than `limit`.
    """
    limiter = offer()
    limiter.set_tier("ann", "slow", 0)
    limiter.allow("ann", 10, "cost 2")
    limiter.allow("ann", 13)
    limiter.allow("ann", 25, "cost 2")
    endpoints = (None, "cost 2", "cost 3", "cost 4")
    assert [limiter.retry_after("ann", 26, e) for e in endpoints] == [14, 14, 17, 29]


def test_longest_wait_of_a_sliding_window():
    """Right after the limit is used up at once the wait is the whole sliding window.

    Rule: A request at `t` is admitted if its cost and the units admitted at moments `s` with `t -
    window < s <= t` are together at most `limit`.
    Rule: `remaining` and `retry_after` follow from that; `retry_after` is `None` if the cost is
    more than `limit`.
    """
    limiter = offer()
    limiter.add_window_tier("single", 1, 45)
    limiter.set_tier("ann", "single", 0)
    limiter.allow("ann", 7)
    assert limiter.retry_after("ann", 7) == 45
    assert limiter.allow("ann", 51) is False
    assert limiter.retry_after("ann", 51) == 1
    assert limiter.retry_after("ann", 52) == 0


def test_cost_above_the_limit_of_a_sliding_window():
    """A cost above the limit of the sliding window is never admitted.

    Rule: `remaining` and `retry_after` follow from that; `retry_after` is `None` if the cost is
    more than `limit`.
    Rule: That is `limit` for a user without a tier; for a user with one it is the tier's
    `capacity`, whatever `limit` is.
    """
    limiter = offer()
    limiter.set_cost("export", 6)
    limiter.set_cost("import", 5)
    limiter.set_tier("ann", "slow", 0)
    assert limiter.retry_after("ann", 0, "export") is None
    assert limiter.allow("ann", 0, "export") is False
    assert limiter.retry_after("ann", 0, "import") == 0
    assert limiter.retry_after("bob", 0, "export") == 0


def test_unknown_tier_leaves_the_user_in_the_old_one():
    """An unknown tier leaves the user where they are, at any time.

    Rule: An unknown name still raises `UnknownTier`.
    Rule: Then nothing changes.
    """
    limiter = offer()
    limiter.set_tier("ann", "small", 0)
    limiter.allow("ann", 3)
    with pytest.raises(UnknownTier):
        limiter.set_tier("ann", "gold", 5)
    assert limiter.status("ann", 5) == {"tier": "small", "used": 1, "remaining": 3}
    assert limiter.status("ann", 13) == {"tier": "small", "used": 0, "remaining": 4}


def test_window_counts_what_a_bucket_admitted():
    """A sliding window counts what a bucket admitted, and only the last seconds of it.

    Rule: In a window, fixed or sliding, all units admitted to the user within the window count,
    whatever the tier was when they were admitted.
    """
    limiter = offer()
    limiter.set_tier("ann", "large", 0)
    limiter.allow("ann", 20, "cost 4")
    limiter.allow("ann", 30, "cost 2")
    limiter.allow("ann", 40)
    limiter.set_tier("ann", "slow", 50)
    assert limiter.remaining("ann", 50) == 2
    assert limiter.remaining("ann", 60) == 4


def test_window_counts_what_another_window_admitted():
    """A sliding window counts units from before the current fixed window.

    Rule: In a window, fixed or sliding, all units admitted to the user within the window count,
    whatever the tier was when they were admitted.
    Rule: A request at `t` is admitted if its cost and the units admitted at moments `s` with `t -
    window < s <= t` are together at most `limit`.
    """
    limiter = offer()
    limiter.allow("ann", 45, "cost 2")
    limiter.allow("ann", 58, "cost 3")
    limiter.allow("ann", 61)
    limiter.set_tier("ann", "fast", 65)
    assert limiter.remaining("ann", 65) == 4
    limiter.set_tier("ann", "slow", 66)
    assert limiter.remaining("ann", 66) == 0


def test_default_plan_counts_what_other_tiers_admitted():
    """Back in the default plan, all units admitted in the current fixed window count.

    Rule: In a window, fixed or sliding, all units admitted to the user within the window count,
    whatever the tier was when they were admitted.
    Rule: `None` takes the user back to the fixed windows, the default plan.
    """
    limiter = offer()
    limiter.set_tier("ann", "slow", 0)
    limiter.allow("ann", 59)
    limiter.allow("ann", 60, "cost 2")
    limiter.set_tier("ann", "large", 70)
    limiter.allow("ann", 75, "cost 4")
    limiter.set_tier("ann", None, 80)
    assert limiter.status("ann", 80) == {"tier": None, "used": 6, "remaining": 4}
    assert limiter.retry_after("ann", 80, "cost 4") == 0
    assert limiter.status("ann", 120) == {"tier": None, "used": 0, "remaining": 10}


def test_smaller_window_may_be_overfull():
    """In a smaller window more than the limit may be in use; then nothing remains.

    Rule: In a smaller window more than `limit` may be in use.
    Rule: Then `remaining` is 0, while `used` in `status` is the whole sum, above `limit`.
    """
    limiter = offer()
    for t in (40, 45, 50):
        limiter.allow("ann", t, "cost 3")
    limiter.set_tier("ann", "slow", 55)
    assert limiter.status("ann", 55) == {"tier": "slow", "used": 9, "remaining": 0}
    assert limiter.allow("ann", 69) is False
    assert limiter.status("ann", 70) == {"tier": "slow", "used": 6, "remaining": 0}
    assert limiter.status("ann", 75) == {"tier": "slow", "used": 3, "remaining": 2}


def test_wait_in_an_overfull_window():
    """The wait in an overfull window lasts until the cost is below the limit again.

    Rule: `remaining` and `retry_after` follow from that; `retry_after` is `None` if the cost is
    more than `limit`.
    Rule: In a smaller window more than `limit` may be in use.
    """
    limiter = offer()
    for t in (40, 45, 50):
        limiter.allow("ann", t, "cost 3")
    limiter.set_tier("ann", "slow", 55)
    endpoints = (None, "cost 2", "cost 3")
    assert [limiter.retry_after("ann", 55, e) for e in endpoints] == [20, 20, 25]


def test_bucket_starts_less_what_is_in_use():
    """Only what is in use at the moment of the change is missing from a new bucket.

    Rule: A user coming into a bucket brings along the units in use: the bucket starts with
    `capacity - used` units, or empty if that is below 0.
    Rule: `used` is what `status(user, timestamp)`, described below, would have told right before
    this call.
    """
    limiter = offer()
    limiter.allow("ann", 50, "cost 4")
    limiter.allow("ann", 62, "cost 3")
    limiter.set_tier("ann", "large", 63)
    assert limiter.status("ann", 63) == {"tier": "large", "used": 3, "remaining": 9}
    assert limiter.retry_after("ann", 63) == 0
    assert limiter.status("ann", 70) == {"tier": "large", "used": 0, "remaining": 12}


def test_bucket_starts_empty_at_worst():
    """A bucket too small for what is in use starts empty, and refills from there.

    Rule: A user coming into a bucket brings along the units in use: the bucket starts with
    `capacity - used` units, or empty if that is below 0.
    """
    limiter = offer()
    limiter.allow("ann", 10, "cost 4")
    limiter.allow("ann", 11, "cost 4")
    limiter.set_tier("ann", "small", 20)
    assert limiter.status("ann", 20) == {"tier": "small", "used": 4, "remaining": 0}
    assert limiter.retry_after("ann", 20) == 10
    assert limiter.retry_after("ann", 20, "cost 4") == 40
    assert limiter.allow("ann", 30) is True


def test_change_between_buckets_rounds_to_whole_units():
    """Between buckets a unit begun counts as in use.

    Rule: In a change from bucket to bucket, a unit that has flowed back only in part is still in
    use, and that part is lost.
    Rule: It is a whole number.
    """
    limiter = offer()
    limiter.set_tier("ann", "large", 0)
    limiter.allow("ann", 0, "cost 3")
    limiter.set_tier("ann", "small", 6)
    assert limiter.remaining("ann", 6) == 3
    assert limiter.remaining("ann", 15) == 3
    assert limiter.remaining("ann", 16) == 4


def test_fresh_user_starts_with_a_full_bucket():
    """With nothing in use a bucket starts full, also after other tiers.

    Rule: With nothing in use the new bucket is full, as before.
    """
    limiter = offer()
    limiter.set_tier("ann", "slow", 5)
    limiter.allow("ann", 10, "cost 4")
    limiter.set_tier("ann", "large", 40)
    assert limiter.remaining("ann", 40) == 12
    limiter.allow("ann", 40, "cost 4")
    assert limiter.remaining("ann", 40) == 8


def test_same_tier_keeps_fractions():
    """Being put into the same tier again changes nothing, fractions included.

    Rule: A user put into the tier (or default plan) they are already in keeps everything, fractions
    included; this is no change of tier.
    """
    limiter = offer()
    limiter.set_tier("ann", "small", 0)
    limiter.allow("ann", 0, "cost 3")
    limiter.set_tier("ann", "small", 9)
    assert limiter.remaining("ann", 9) == 1
    assert limiter.remaining("ann", 10) == 2


def test_default_plan_twice():
    """The default plan for a user who is in it changes nothing.

    Rule: A user put into the tier (or default plan) they are already in keeps everything, fractions
    included; this is no change of tier.
    Rule: `None` takes the user back to the fixed windows, the default plan.
    """
    limiter = offer()
    limiter.allow("ann", 10, "cost 4")
    limiter.set_tier("ann", None, 20)
    assert limiter.status("ann", 20) == {"tier": None, "used": 4, "remaining": 6}
    limiter.set_tier("bob", None, 20)
    assert limiter.status("bob", 20) == {"tier": None, "used": 0, "remaining": 10}


def test_a_detour_forgives_nothing():
    """Leaving a tier and coming back wins nothing, at once or later.

    Rule: In a window, fixed or sliding, all units admitted to the user within the window count,
    whatever the tier was when they were admitted.
    Rule: A user coming into a bucket brings along the units in use: the bucket starts with
    `capacity - used` units, or empty if that is below 0.
    """
    limiter = offer()
    limiter.set_tier("ann", "small", 60)
    limiter.allow("ann", 60, "cost 4")
    limiter.set_tier("ann", None, 65)
    limiter.set_tier("ann", "small", 65)
    assert limiter.status("ann", 65) == {"tier": "small", "used": 4, "remaining": 0}
    assert limiter.allow("ann", 74) is False
    limiter.set_tier("ann", None, 75)
    assert limiter.allow("ann", 80, "cost 2") is True
    limiter.set_tier("ann", "small", 115)
    assert limiter.remaining("ann", 115) == 0


def test_bucket_counts_requests_from_the_change_on():
    """Requests in the second of a change count once, before the change or after it.

    Rule: A user coming into a bucket brings along the units in use: the bucket starts with
    `capacity - used` units, or empty if that is below 0.
    Rule: `usage(user: str, start: int, end: int) -> int`: the units admitted to the user, in any
    tier or the default plan, at moments `s` with `start <= s < end`.
    """
    limiter = offer()
    limiter.set_tier("ann", "fast", 30)
    limiter.allow("ann", 30, "cost 2")
    limiter.set_tier("ann", "large", 30)
    limiter.allow("ann", 30, "cost 3")
    assert limiter.status("ann", 30) == {"tier": "large", "used": 5, "remaining": 7}
    assert limiter.usage("ann", 30, 31) == 5


def test_status_of_a_past_fixed_window():
    """The status of an earlier fixed window is what had been used by that moment.

    Rule: `status(user: str, at: int) -> dict[str, str | int | None]`: how the user stood at the end
    of second `at`.
    Rule: `"used"`: under a window, the units that count in it at that moment; under a bucket,
    `capacity` less the whole units in it.
    """
    limiter = offer()
    for t in (10, 20, 59, 60):
        limiter.allow("ann", t, "cost 3")
    used = [limiter.status("ann", at)["used"] for at in (0, 9, 10, 19, 20, 59, 60, 119, 120)]
    assert used == [0, 0, 3, 3, 6, 9, 3, 3, 0]


def test_status_of_a_past_bucket():
    """The status of a bucket at a past moment ignores what came later.

    Rule: `status(user: str, at: int) -> dict[str, str | int | None]`: how the user stood at the end
    of second `at`.
    Rule: `"remaining"`: what `remaining` would have answered at that moment.
    Rule: It counts all calls with timestamps up to `at` and none of the later ones.
    """
    limiter = offer()
    limiter.set_tier("ann", "small", 5)
    limiter.allow("ann", 10, "cost 3")
    limiter.allow("ann", 25, "cost 2")
    remaining = [limiter.status("ann", at)["remaining"] for at in (5, 9, 10, 19, 20, 24, 25, 30)]
    assert remaining == [4, 4, 1, 1, 2, 2, 0, 1]


def test_status_of_a_past_sliding_window():
    """The status of a sliding window at a past moment counts the seconds before it.

    Rule: `status(user: str, at: int) -> dict[str, str | int | None]`: how the user stood at the end
    of second `at`.
    Rule: `"used"`: under a window, the units that count in it at that moment; under a bucket,
    `capacity` less the whole units in it.
    """
    limiter = offer()
    limiter.set_tier("ann", "fast", 0)
    for t in (10, 15, 29, 34):
        limiter.allow("ann", t, "cost 2")
    used = [limiter.status("ann", at)["used"] for at in (9, 10, 15, 29, 30, 34, 35, 53, 54)]
    assert used == [0, 2, 4, 6, 4, 6, 4, 2, 0]


def test_status_names_the_tier_of_that_moment():
    """Later changes of the tier do not rewrite the past.

    Rule: `status(user: str, at: int) -> dict[str, str | int | None]`: how the user stood at the end
    of second `at`.
    Rule: The dict has exactly these keys:
    Rule: `"tier"`: the name of the tier at that moment, `None` for the default plan.
    Rule: `set_tier(user: str, tier: str | None, timestamp: int) -> None` may now be called at any
    time and any number of times.
    """
    limiter = offer()
    limiter.allow("ann", 10, "cost 2")
    limiter.set_tier("ann", "small", 20)
    limiter.set_tier("ann", "slow", 35)
    limiter.set_tier("ann", None, 45)
    assert limiter.status("ann", 19) == {"tier": None, "used": 2, "remaining": 8}
    assert limiter.status("ann", 34) == {"tier": "small", "used": 1, "remaining": 3}
    assert limiter.status("ann", 39) == {"tier": "slow", "used": 2, "remaining": 3}
    assert limiter.status("ann", 45) == {"tier": None, "used": 2, "remaining": 8}


def test_status_at_the_second_of_a_change():
    """The status of a second comes after everything that happened in it.

    Rule: `status(user: str, at: int) -> dict[str, str | int | None]`: how the user stood at the end
    of second `at`.
    Rule: It counts all calls with timestamps up to `at` and none of the later ones.
    """
    limiter = offer()
    limiter.allow("ann", 20)
    limiter.set_tier("ann", "small", 20)
    limiter.set_tier("ann", "fast", 20)
    limiter.allow("ann", 20, "cost 2")
    assert limiter.status("ann", 20) == {"tier": "fast", "used": 3, "remaining": 5}
    assert limiter.status("ann", 19) == {"tier": None, "used": 0, "remaining": 10}


def test_looking_ahead_changes_nothing():
    """Questions about a later moment assume that nothing more happens, and change nothing.

    Rule: Neither changes anything.
    Rule: `at`, `start` and `end` are moments from 0 to 10¹² and take no part in the order of
    timestamps.
    Rule: They may lie before or after the latest call; for a later moment, the answer is how things
    will stand if nothing more happens.
    """
    limiter = offer()
    limiter.set_tier("ann", "small", 0)
    limiter.allow("ann", 0, "cost 4")
    assert limiter.status("ann", 1_000) == {"tier": "small", "used": 0, "remaining": 4}
    assert limiter.usage("ann", 500, 1_000) == 0
    assert limiter.remaining("ann", 15) == 1
    assert limiter.allow("ann", 15, "cost 2") is False


def test_nothing_is_known_of_a_stranger():
    """A user never seen is in the default plan with nothing used.

    Rule: For a user never seen the tier is `None` and nothing is used.
    """
    limiter = offer()
    limiter.set_tier("ann", "small", 3)
    limiter.allow("ann", 4)
    assert limiter.status("bob", 5) == {"tier": None, "used": 0, "remaining": 10}
    assert limiter.usage("bob", 0, 100) == 0


def test_usage_is_counted_under_any_tier():
    """Usage adds up whole charges under any tier, from the start to before the end.

    Rule: `usage(user: str, start: int, end: int) -> int`: the units admitted to the user, in any
    tier or the default plan, at moments `s` with `start <= s < end`.
    Rule: If `end` is not after `start`, there are none: `0`.
    Rule: Both count each request as it was charged.
    """
    limiter = offer()
    limiter.allow("ann", 10, "cost 4")
    limiter.set_tier("ann", "large", 20)
    limiter.allow("ann", 30, "cost 3")
    limiter.set_cost("cost 3", 9)
    limiter.set_tier("ann", "fast", 35)
    limiter.allow("ann", 40, "cost 2")
    spans = [(10, 41), (10, 40), (11, 41), (30, 31), (30, 30), (41, 10)]
    assert [limiter.usage("ann", start, end) for start, end in spans] == [9, 7, 5, 3, 0, 0]
