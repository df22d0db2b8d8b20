from solution import RateLimiter


def test_sliding_window():
    """A sliding window counts the units of the last seconds."""
    limiter = RateLimiter(10, 60)
    limiter.add_window_tier("basic", 2, 20)
    limiter.set_tier("ann", "basic", 0)
    assert [limiter.allow("ann", t) for t in (15, 18, 25, 34)] == [True, True, False, False]
    assert limiter.allow("ann", 35) is True


def test_wait_for_a_sliding_window():
    """The wait ends when enough units have left the sliding window."""
    limiter = RateLimiter(10, 60)
    limiter.add_window_tier("basic", 2, 20)
    limiter.set_tier("ann", "basic", 0)
    limiter.set_cost("search", 2)
    limiter.allow("ann", 15)
    limiter.allow("ann", 18)
    assert limiter.retry_after("ann", 30) == 5
    assert limiter.retry_after("ann", 30, "search") == 8


def test_change_into_a_bucket():
    """Units in use are missing from the bucket of a new tier."""
    limiter = RateLimiter(10, 60)
    limiter.add_tier("pro", 6, 1, 10)
    for t in (61, 62, 63, 64):
        limiter.allow("ann", t)
    limiter.set_tier("ann", "pro", 70)
    assert limiter.remaining("ann", 70) == 2
    assert limiter.remaining("ann", 80) == 3


def test_change_out_of_a_bucket():
    """Units admitted out of a bucket count in the window of a new tier."""
    limiter = RateLimiter(10, 60)
    limiter.add_tier("pro", 6, 1, 1)
    limiter.add_window_tier("basic", 5, 20)
    limiter.set_tier("ann", "pro", 0)
    for t in (1, 10, 11):
        limiter.allow("ann", t)
    limiter.set_tier("ann", "basic", 25)
    assert limiter.remaining("ann", 25) == 3


def test_status_of_the_past():
    """The status of a past moment is told under the tier of that moment."""
    limiter = RateLimiter(3, 60)
    limiter.add_tier("pro", 6, 1, 10)
    limiter.allow("ann", 5)
    limiter.allow("ann", 8)
    limiter.set_tier("ann", "pro", 20)
    limiter.allow("ann", 30)
    assert limiter.status("ann", 7) == {"tier": None, "used": 1, "remaining": 2}
    assert limiter.status("ann", 29) == {"tier": "pro", "used": 2, "remaining": 4}


def test_usage_between_two_moments():
    """Usage adds up the units admitted from the start to before the end."""
    limiter = RateLimiter(10, 60)
    limiter.set_cost("search", 3)
    limiter.allow("ann", 10)
    limiter.allow("ann", 15, "search")
    limiter.allow("ann", 20)
    assert limiter.usage("ann", 10, 20) == 4
