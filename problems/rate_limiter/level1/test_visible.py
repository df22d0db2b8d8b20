from solution import RateLimiter


def test_requests_up_to_the_limit_are_admitted():
    """Requests up to the limit are admitted, the next one is refused."""
    limiter = RateLimiter(3, 60)
    assert [limiter.allow("ann", t) for t in (0, 10, 20, 30)] == [True, True, True, False]


def test_next_window_starts_fresh():
    """The next window starts with the whole limit again."""
    limiter = RateLimiter(2, 60)
    assert [limiter.allow("ann", t) for t in (50, 55, 58)] == [True, True, False]
    assert [limiter.allow("ann", t) for t in (61, 62, 63)] == [True, True, False]


def test_each_user_has_a_limit_of_their_own():
    """Each user has a limit of their own."""
    limiter = RateLimiter(1, 60)
    assert limiter.allow("ann", 5) is True
    assert limiter.allow("bob", 6) is True
    assert limiter.allow("ann", 7) is False


def test_remaining_counts_down():
    """What remains goes down by one for each admitted request."""
    limiter = RateLimiter(3, 60)
    assert limiter.remaining("ann", 0) == 3
    limiter.allow("ann", 0)
    assert limiter.remaining("ann", 0) == 2
    limiter.allow("ann", 1)
    assert limiter.remaining("ann", 1) == 1


def test_retry_after_waits_for_the_next_window():
    """When the limit is used up, the wait lasts until the next window."""
    limiter = RateLimiter(1, 60)
    assert limiter.retry_after("ann", 70) == 0
    limiter.allow("ann", 70)
    assert limiter.retry_after("ann", 75) == 45
