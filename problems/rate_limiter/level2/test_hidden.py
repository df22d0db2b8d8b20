import pytest
from solution import RateLimiter, UnknownTier


def bucket(capacity: int, refill: int, period: int, limit: int = 1) -> RateLimiter:
    """A limiter in which ann has a bucket since second 0."""
    limiter = RateLimiter(limit, 60)
    limiter.add_tier("pro", capacity, refill, period)
    limiter.set_tier("ann", "pro", 0)
    return limiter


def test_endpoint_without_cost():
    """An endpoint without a cost costs one unit, like no endpoint at all.

    Rule: A request without endpoint, or to an endpoint whose cost was never set, costs 1.
    """
    limiter = RateLimiter(3, 60)
    limiter.set_cost("search", 2)
    assert limiter.allow("ann", 0, "home") is True
    assert limiter.remaining("ann", 0) == 2
    assert limiter.allow("ann", 0) is True
    assert limiter.remaining("ann", 0) == 1
    assert limiter.retry_after("ann", 0, "home") == 0


def test_cost_that_fits_exactly():
    """A cost equal to what remains is admitted.

    Rule: `limit` now counts units: a request is admitted only if its whole cost fits into what
    remains.
    """
    limiter = RateLimiter(5, 60)
    limiter.set_cost("search", 3)
    limiter.set_cost("export", 2)
    assert limiter.allow("ann", 0, "search") is True
    assert limiter.allow("ann", 0, "export") is True
    assert limiter.remaining("ann", 0) == 0


def test_refused_request_takes_no_part_of_its_cost():
    """A refused request takes no part of its cost.

    Rule: A refused request costs nothing, and a cheaper one may still be admitted after it.
    Rule: `remaining` is in units.
    """
    limiter = RateLimiter(5, 60)
    limiter.set_cost("search", 4)
    assert [limiter.allow("ann", 0, "search") for _ in range(3)] == [True, False, False]
    assert limiter.remaining("ann", 0) == 1
    assert limiter.allow("ann", 1) is True


def test_cost_is_the_same_for_all_users():
    """A cost holds for each user, with a tier or without.

    Rule: Costs are the same for all users.
    """
    limiter = bucket(9, 1, 10, limit=7)
    limiter.set_cost("search", 4)
    assert limiter.allow("ann", 0, "search") is True
    assert limiter.allow("bob", 0, "search") is True
    assert [limiter.remaining(user, 0) for user in ("ann", "bob", "cid")] == [5, 3, 7]


def test_new_cost_holds_for_later_requests_only():
    """A new cost leaves admitted requests as they were charged.

    Rule: `set_cost(endpoint: str, cost: int) -> None`: from now on each request to `endpoint` costs
    `cost` units.
    Rule: What was admitted before stays as it was charged.
    """
    limiter = RateLimiter(10, 60)
    limiter.set_cost("search", 4)
    limiter.allow("ann", 0, "search")
    limiter.set_cost("search", 1)
    assert limiter.remaining("ann", 1) == 6
    limiter.allow("ann", 1, "search")
    assert limiter.remaining("ann", 1) == 5


def test_new_cost_leaves_a_bucket_as_it_is():
    """A new cost leaves what was taken from a bucket as it was charged.

    Rule: `set_cost(endpoint: str, cost: int) -> None`: from now on each request to `endpoint` costs
    `cost` units.
    Rule: What was admitted before stays as it was charged.
    """
    limiter = bucket(10, 1, 60)
    limiter.set_cost("search", 2)
    limiter.allow("ann", 0, "search")
    limiter.set_cost("search", 7)
    assert limiter.remaining("ann", 1) == 8
    assert limiter.allow("ann", 1, "search") is True
    assert limiter.remaining("ann", 1) == 1


def test_wait_depends_on_the_cost():
    """Under windows a cost that does not fit now waits for the next window.

    Rule: `retry_after` is about a request to `endpoint`.
    Rule: The smallest number of seconds after which a request of `user` would be admitted, if none
    is admitted in between.
    """
    limiter = RateLimiter(5, 60)
    limiter.set_cost("search", 3)
    limiter.allow("ann", 20, "search")
    assert limiter.retry_after("ann", 20, "search") == 40
    assert limiter.retry_after("ann", 20) == 0


def test_cost_above_the_limit_is_never_admitted():
    """A cost above the limit waits in vain; a cost of the whole limit does not.

    Rule: It is `None` if the cost is more than the user could ever have.
    Rule: That is `limit` for a user without a tier; for a user with one it is the tier's
    `capacity`, whatever `limit` is.
    """
    limiter = RateLimiter(5, 60)
    limiter.set_cost("export", 6)
    limiter.set_cost("search", 5)
    assert limiter.retry_after("ann", 0, "export") is None
    assert limiter.allow("ann", 0, "export") is False
    assert limiter.retry_after("ann", 0, "search") == 0
    assert limiter.allow("ann", 0, "search") is True


def test_cost_above_the_capacity_is_never_admitted():
    """A cost above the capacity waits in vain, whatever the limit is.

    Rule: It is `None` if the cost is more than the user could ever have.
    Rule: That is `limit` for a user without a tier; for a user with one it is the tier's
    `capacity`, whatever `limit` is.
    """
    limiter = bucket(5, 1, 1, limit=9)
    limiter.set_cost("export", 6)
    limiter.set_cost("search", 5)
    assert limiter.retry_after("ann", 0, "export") is None
    assert limiter.allow("ann", 100, "export") is False
    assert limiter.retry_after("bob", 100, "export") == 0
    assert limiter.allow("ann", 100, "search") is True


def test_cost_above_the_limit_fits_a_larger_bucket():
    """A cost above the limit fits a bucket that is large enough.

    Rule: That is `limit` for a user without a tier; for a user with one it is the tier's
    `capacity`, whatever `limit` is.
    Rule: An admitted request takes its cost out of the bucket; it is admitted if the bucket holds
    at least that much.
    """
    limiter = bucket(8, 1, 1, limit=2)
    limiter.set_cost("export", 8)
    assert limiter.retry_after("ann", 0, "export") == 0
    assert limiter.allow("ann", 0, "export") is True
    assert limiter.retry_after("ann", 0, "export") == 8


def test_fractions_survive_frequent_questions():
    """Fractions of a unit are kept when the limiter is asked every second.

    Rule: Fractions of a unit are kept and never rounded, however often the limiter is called.
    Rule: For a user with a tier, `remaining` is the number of **whole** units in the bucket, and
    `retry_after` is the smallest **whole** number of seconds.
    """
    limiter = bucket(2, 1, 10)
    limiter.allow("ann", 0)
    limiter.allow("ann", 0)
    assert [limiter.remaining("ann", t) for t in range(1, 11)] == [0] * 9 + [1]
    assert limiter.allow("ann", 10) is True


def test_fractions_survive_refused_requests():
    """Fractions of a unit are kept when a request is refused every second.

    Rule: Fractions of a unit are kept and never rounded, however often the limiter is called.
    """
    limiter = bucket(1, 1, 7)
    answers = [limiter.allow("ann", t) for t in range(15)]
    assert [t for t, admitted in enumerate(answers) if admitted] == [0, 7, 14]


def test_fractions_survive_admitted_requests():
    """Fractions of a unit are kept when a request is admitted in between.

    Rule: Fractions of a unit are kept and never rounded, however often the limiter is called.
    """
    limiter = bucket(3, 1, 3)
    limiter.allow("ann", 0)
    limiter.allow("ann", 2)
    limiter.allow("ann", 4)
    assert [limiter.remaining("ann", t) for t in (4, 5, 6, 8, 9)] == [1, 1, 2, 2, 3]


def test_refill_in_thirds_is_exact():
    """Thirds of a unit add up to whole units exactly.

    Rule: `refill` units flow into the bucket every `period` seconds, **evenly**: `d` seconds bring
    exactly `d * refill / period` units.
    """
    limiter = bucket(7, 7, 3)
    limiter.set_cost("export", 7)
    limiter.allow("ann", 0, "export")
    assert [limiter.remaining("ann", t) for t in (1, 2, 3)] == [2, 4, 7]


def test_refill_in_tenths_is_exact():
    """Tenths of a unit add up to whole units exactly over many requests.

    Rule: `refill` units flow into the bucket every `period` seconds, **evenly**: `d` seconds bring
    exactly `d * refill / period` units.
    """
    limiter = bucket(3, 3, 10)
    for _ in range(3):
        limiter.allow("ann", 0)
    answers = [limiter.allow("ann", t) for t in range(1, 21)]
    assert [t for t, admitted in enumerate(answers, 1) if admitted] == [4, 7, 10, 14, 17, 20]


def test_refill_is_exact_for_late_timestamps():
    """The bucket is as exact at late timestamps as at early ones.

    Rule: `refill` units flow into the bucket every `period` seconds, **evenly**: `d` seconds bring
    exactly `d * refill / period` units.
    """
    limiter = RateLimiter(1, 60)
    limiter.add_tier("pro", 1_000, 999, 86_400)
    limiter.set_cost("all", 1_000)
    limiter.set_tier("ann", "pro", 999_999_900_000)
    limiter.allow("ann", 999_999_900_000, "all")
    assert limiter.remaining("ann", 999_999_986_399) == 998
    assert limiter.remaining("ann", 999_999_986_400) == 999


def test_full_bucket_gains_nothing():
    """A full bucket gains nothing, however long it waits.

    Rule: What flows into a full bucket is lost.
    """
    limiter = bucket(3, 5, 10)
    assert limiter.remaining("ann", 1_000) == 3
    assert [limiter.allow("ann", 1_000) for _ in range(4)] == [True, True, True, False]


def test_overflow_is_lost():
    """What flows into a full bucket is lost for later requests.

    Rule: What flows into a full bucket is lost.
    """
    limiter = bucket(2, 1, 10)
    limiter.allow("ann", 0)
    limiter.allow("ann", 95)
    assert limiter.remaining("ann", 95) == 1
    assert limiter.remaining("ann", 104) == 1
    assert limiter.remaining("ann", 105) == 2


def test_bucket_is_full_when_the_tier_is_set():
    """The bucket is full when the tier is set, and when the first request comes later.

    Rule: `set_tier(user: str, tier: str, timestamp: int) -> None`: puts `user` into `tier`, with a
    bucket that is full at `timestamp`.
    """
    limiter = RateLimiter(1, 60)
    limiter.add_tier("pro", 5, 1, 100)
    limiter.set_tier("ann", "pro", 30)
    assert limiter.remaining("ann", 30) == 5
    limiter.allow("ann", 42)
    assert limiter.remaining("ann", 42) == 4
    assert limiter.remaining("ann", 141) == 4
    assert limiter.remaining("ann", 142) == 5


def test_windows_do_not_matter_for_a_tier():
    """A new window brings nothing to a user with a tier.

    Rule: From then on the bucket alone decides about this user; windows no longer matter.
    """
    limiter = bucket(2, 1, 100, limit=5)
    assert [limiter.allow("ann", 59) for _ in range(3)] == [True, True, False]
    assert limiter.allow("ann", 60) is False
    assert limiter.retry_after("ann", 60) == 99


def test_users_without_a_tier_keep_their_windows():
    """Users without a tier keep the fixed windows when others get one.

    Rule: Users without a tier keep the fixed windows.
    """
    limiter = bucket(9, 1, 1, limit=2)
    assert [limiter.allow("bob", t) for t in (58, 59, 59, 60)] == [True, True, False, True]
    assert limiter.retry_after("bob", 60) == 0


def test_users_of_a_tier_have_their_own_buckets():
    """Two users of a tier do not share a bucket.

    Rule: `add_tier(name: str, capacity: int, refill: int, period: int) -> None`: adds a tier, each
    of whose users has a bucket of their own that holds up to `capacity` units.
    """
    limiter = bucket(3, 1, 10)
    limiter.set_tier("bob", "pro", 1)
    assert [limiter.allow("ann", 1) for _ in range(4)] == [True, True, True, False]
    assert limiter.remaining("bob", 1) == 3


def test_tiers_differ():
    """Each tier has its own capacity and refill.

    Rule: `add_tier(name: str, capacity: int, refill: int, period: int) -> None`: adds a tier, each
    of whose users has a bucket of their own that holds up to `capacity` units.
    Rule: `refill` units flow into the bucket every `period` seconds, **evenly**: `d` seconds bring
    exactly `d * refill / period` units.
    """
    limiter = bucket(2, 1, 10)
    limiter.add_tier("max", 6, 3, 10)
    limiter.set_tier("bob", "max", 0)
    limiter.set_cost("search", 2)
    assert limiter.allow("ann", 0, "search") is True
    assert [limiter.allow("bob", 0, "search") for _ in range(3)] == [True, True, True]
    assert [limiter.retry_after(user, 0, "search") for user in ("ann", "bob")] == [20, 7]


def test_wait_counts_what_has_flowed_in():
    """The wait counts the fraction that is in the bucket already.

    Rule: `refill` units flow into the bucket every `period` seconds, **evenly**: `d` seconds bring
    exactly `d * refill / period` units.
    Rule: For a user with a tier, `remaining` is the number of **whole** units in the bucket, and
    `retry_after` is the smallest **whole** number of seconds.
    """
    limiter = bucket(4, 1, 6)
    limiter.set_cost("search", 4)
    limiter.allow("ann", 0, "search")
    assert [limiter.retry_after("ann", t) for t in (0, 1, 5, 6, 7)] == [6, 5, 1, 0, 0]
    assert limiter.retry_after("ann", 7, "search") == 17


def test_wait_is_rounded_up():
    """The wait is rounded up to the first whole second that helps.

    Rule: For a user with a tier, `remaining` is the number of **whole** units in the bucket, and
    `retry_after` is the smallest **whole** number of seconds.
    """
    limiter = bucket(5, 3, 7)
    limiter.set_cost("search", 5)
    limiter.set_cost("export", 2)
    limiter.allow("ann", 0, "search")
    assert limiter.retry_after("ann", 0) == 3
    assert limiter.retry_after("ann", 0, "export") == 5
    assert limiter.allow("ann", 4, "export") is False
    assert limiter.allow("ann", 5, "export") is True
    assert limiter.retry_after("ann", 5) == 2


def test_wait_is_zero_when_the_cost_is_there():
    """There is no wait when the bucket holds the cost exactly.

    Rule: An admitted request takes its cost out of the bucket; it is admitted if the bucket holds
    at least that much.
    Rule: The smallest number of seconds after which a request of `user` would be admitted, if none
    is admitted in between.
    """
    limiter = bucket(4, 2, 5)
    limiter.set_cost("search", 3)
    limiter.allow("ann", 0, "search")
    assert limiter.retry_after("ann", 5, "search") == 0
    assert limiter.retry_after("ann", 4, "search") == 1


def test_unknown_tier_changes_nothing():
    """After an unknown tier the user keeps the windows, and can still get a tier.

    Rule: Raises `UnknownTier` (an `Exception` that you define) if no tier of that name has been
    added.
    Rule: Then nothing changes.
    """
    limiter = RateLimiter(2, 60)
    limiter.add_tier("pro", 5, 1, 10)
    with pytest.raises(UnknownTier):
        limiter.set_tier("ann", "gold", 3)
    assert limiter.remaining("ann", 3) == 2
    limiter.add_tier("gold", 7, 1, 10)
    limiter.set_tier("ann", "gold", 4)
    assert limiter.remaining("ann", 4) == 7


def test_refill_faster_than_the_clock():
    """A bucket may gain several units in a second, up to its capacity.

    Rule: `refill` units flow into the bucket every `period` seconds, **evenly**: `d` seconds bring
    exactly `d * refill / period` units.
    Rule: What flows into a full bucket is lost.
    """
    limiter = bucket(5, 7, 2)
    limiter.set_cost("search", 5)
    assert [limiter.allow("ann", t, "search") for t in (0, 1, 2, 3, 4)] == [
        True,
        False,
        True,
        False,
        True,
    ]
    assert limiter.remaining("ann", 5) == 3
