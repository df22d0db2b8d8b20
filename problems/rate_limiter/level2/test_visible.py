import pytest
from solution import RateLimiter, UnknownTier


def test_an_endpoint_has_a_cost():
    """A request takes as many units as its endpoint costs."""
    limiter = RateLimiter(10, 60)
    limiter.set_cost("search", 4)
    assert limiter.allow("ann", 0, "search") is True
    assert limiter.remaining("ann", 0) == 6


def test_the_whole_cost_must_fit():
    """A request that does not fit is refused whole; a cheaper one still fits."""
    limiter = RateLimiter(5, 60)
    limiter.set_cost("search", 3)
    assert limiter.allow("ann", 1, "search") is True
    assert limiter.allow("ann", 2, "search") is False
    assert limiter.allow("ann", 3) is True
    assert limiter.remaining("ann", 3) == 1


def test_a_bucket_allows_a_burst():
    """A full bucket allows a burst of its whole capacity."""
    limiter = RateLimiter(1, 60)
    limiter.add_tier("pro", 4, 1, 10)
    limiter.set_tier("ann", "pro", 7)
    assert [limiter.allow("ann", 7) for _ in range(5)] == [True] * 4 + [False]


def test_a_bucket_refills_evenly():
    """Units flow back evenly; what remains is told in whole units."""
    limiter = RateLimiter(1, 60)
    limiter.add_tier("pro", 4, 2, 10)
    limiter.set_tier("ann", "pro", 0)
    for _ in range(4):
        limiter.allow("ann", 0)
    assert [limiter.remaining("ann", t) for t in (0, 4, 5, 9, 10)] == [0, 0, 1, 1, 2]


def test_wait_for_a_bucket():
    """The wait ends in the first whole second in which the bucket holds the cost."""
    limiter = RateLimiter(1, 60)
    limiter.add_tier("pro", 5, 2, 3)
    limiter.set_cost("search", 5)
    limiter.set_tier("ann", "pro", 0)
    limiter.allow("ann", 0, "search")
    assert limiter.retry_after("ann", 0) == 2
    assert limiter.retry_after("ann", 0, "search") == 8


def test_unknown_tier():
    """A tier that was never added is an error."""
    limiter = RateLimiter(1, 60)
    with pytest.raises(UnknownTier):
        limiter.set_tier("ann", "pro", 0)
