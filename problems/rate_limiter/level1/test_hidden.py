from solution import RateLimiter


def test_limit_is_reached_exactly():
    """Exactly as many requests as the limit are admitted in a window.

    Rule: Each user may make up to `limit` requests in each window of `window` seconds.
    Rule: `False`: the request is refused, because `limit` requests of this user have been admitted
    in that window already.
    Rule: `True`: the request is admitted.
    """
    limiter = RateLimiter(4, 100)
    assert [limiter.allow("ann", 10 + i) for i in range(7)] == [True] * 4 + [False] * 3


def test_limit_of_one():
    """A limit of one admits one request in each window.

    Rule: Each user may make up to `limit` requests in each window of `window` seconds.
    """
    limiter = RateLimiter(1, 10)
    answers = [limiter.allow("ann", t) for t in (0, 9, 10, 11, 20)]
    assert answers == [True, False, True, False, True]


def test_many_requests_in_the_same_second():
    """Requests with the same timestamp are counted one by one.

    Rule: Each user may make up to `limit` requests in each window of `window` seconds.
    """
    limiter = RateLimiter(3, 60)
    assert [limiter.allow("ann", 42) for _ in range(5)] == [True, True, True, False, False]


def test_last_second_belongs_to_the_window():
    """The last second of a window still belongs to it.

    Rule: Windows are the same for all users and start at the multiples of `window`.
    Rule: The first one holds the seconds 0 to `window - 1`, the next one starts at second `window`.
    """
    limiter = RateLimiter(1, 60)
    assert limiter.allow("ann", 60) is True
    assert limiter.allow("ann", 119) is False


def test_first_second_belongs_to_the_next_window():
    """A multiple of the window length belongs to the window that starts there.

    Rule: Windows are the same for all users and start at the multiples of `window`.
    Rule: It counts in the window that holds `timestamp`.
    Rule: The first one holds the seconds 0 to `window - 1`, the next one starts at second `window`.
    """
    limiter = RateLimiter(1, 60)
    assert limiter.allow("ann", 119) is True
    assert limiter.allow("ann", 120) is True
    assert limiter.allow("ann", 179) is False


def test_windows_do_not_start_at_the_first_request():
    """Windows lie at the multiples of their length, whenever the first request comes.

    Rule: Windows are the same for all users and start at the multiples of `window`.
    """
    limiter = RateLimiter(2, 60)
    assert [limiter.allow("ann", t) for t in (55, 58, 63, 64, 65)] == [
        True,
        True,
        True,
        True,
        False,
    ]


def test_requests_on_both_sides_of_a_border():
    """Twice the limit is admitted around a border, half of it on each side.

    Rule: Each user may make up to `limit` requests in each window of `window` seconds.
    Rule: Windows are the same for all users and start at the multiples of `window`.
    """
    limiter = RateLimiter(3, 10)
    assert [limiter.allow("ann", 19) for _ in range(4)] == [True, True, True, False]
    assert [limiter.allow("ann", 20) for _ in range(4)] == [True, True, True, False]


def test_unused_requests_are_not_carried_over():
    """Requests left over in earlier windows do not add to a later one.

    Rule: Requests left over in a window are not carried into the next one.
    """
    limiter = RateLimiter(2, 10)
    limiter.allow("ann", 5)
    assert limiter.remaining("ann", 45) == 2
    assert [limiter.allow("ann", 45) for _ in range(4)] == [True, True, False, False]


def test_window_of_one_second():
    """With windows of one second each second stands alone.

    Rule: Windows are the same for all users and start at the multiples of `window`.
    Rule: The smallest number of seconds after which a request of `user` would be admitted, if none
    is admitted in between.
    """
    limiter = RateLimiter(1, 1)
    assert [limiter.allow("ann", t) for t in (7, 7, 8, 8, 9)] == [True, False, True, False, True]
    assert limiter.retry_after("ann", 9) == 1


def test_late_timestamps():
    """Timestamps may be large.

    Rule: Windows are the same for all users and start at the multiples of `window`.
    """
    limiter = RateLimiter(1, 86_400)
    assert limiter.allow("ann", 999_999_993_599) is True
    assert limiter.retry_after("ann", 999_999_993_599) == 1
    assert limiter.allow("ann", 999_999_993_600) is True
    assert limiter.allow("ann", 1_000_000_000_000) is False


def test_refused_requests_do_not_count():
    """Refused requests count neither now nor in the next window.

    Rule: A refused request counts nowhere.
    """
    limiter = RateLimiter(2, 10)
    assert [limiter.allow("ann", 9) for _ in range(5)] == [True, True, False, False, False]
    assert limiter.remaining("ann", 9) == 0
    assert limiter.remaining("ann", 10) == 2


def test_users_do_not_share_what_remains():
    """One user's requests leave what remains for the others untouched.

    Rule: Users do not affect each other.
    Rule: For a user never seen before that is `limit`.
    """
    limiter = RateLimiter(3, 60)
    for _ in range(3):
        limiter.allow("ann", 5)
    limiter.allow("bob", 6)
    assert [limiter.remaining(user, 6) for user in ("ann", "bob", "cid")] == [0, 2, 3]


def test_one_user_moving_on_leaves_others_behind():
    """A user's request in a new window does not renew another user's count too early.

    Rule: Users do not affect each other.
    Rule: Windows are the same for all users and start at the multiples of `window`.
    """
    limiter = RateLimiter(2, 60)
    limiter.allow("ann", 59)
    limiter.allow("bob", 59)
    limiter.allow("ann", 60)
    assert limiter.remaining("ann", 60) == 1
    assert limiter.remaining("bob", 60) == 2
    limiter.allow("bob", 61)
    assert limiter.remaining("bob", 61) == 1


def test_remaining_is_full_in_a_new_window():
    """In a new window the whole limit remains before any request has come.

    Rule: Each user may make up to `limit` requests in each window of `window` seconds.
    Rule: How many more requests of `user` would be admitted at `timestamp`.
    """
    limiter = RateLimiter(2, 60)
    limiter.allow("ann", 58)
    limiter.allow("ann", 59)
    assert limiter.remaining("ann", 59) == 0
    assert limiter.remaining("ann", 60) == 2


def test_asking_what_remains_takes_nothing():
    """Asking what remains takes nothing away.

    Rule: `remaining` and `retry_after` change nothing.
    """
    limiter = RateLimiter(2, 60)
    assert [limiter.remaining("ann", 5) for _ in range(3)] == [2, 2, 2]
    assert [limiter.allow("ann", 5) for _ in range(3)] == [True, True, False]


def test_asking_for_the_wait_takes_nothing():
    """Asking for the wait takes nothing away and starts nothing.

    Rule: The smallest number of seconds after which a request of `user` would be admitted, if none
    is admitted in between.
    Rule: `remaining` and `retry_after` change nothing.
    """
    limiter = RateLimiter(1, 60)
    assert [limiter.retry_after("ann", 50) for _ in range(3)] == [0, 0, 0]
    assert limiter.allow("ann", 50) is True
    assert [limiter.retry_after("ann", 50) for _ in range(3)] == [10, 10, 10]
    assert limiter.allow("ann", 60) is True


def test_no_wait_while_something_remains():
    """There is no wait as long as one request remains.

    Rule: The smallest number of seconds after which a request of `user` would be admitted, if none
    is admitted in between.
    Rule: It is `0` if one would be admitted at `timestamp`.
    """
    limiter = RateLimiter(3, 60)
    limiter.allow("ann", 10)
    limiter.allow("ann", 11)
    assert limiter.retry_after("ann", 12) == 0
    limiter.allow("ann", 12)
    assert limiter.retry_after("ann", 12) == 48


def test_wait_in_the_last_second_of_a_window():
    """In the last second of a window the wait is one second.

    Rule: Windows are the same for all users and start at the multiples of `window`.
    Rule: The smallest number of seconds after which a request of `user` would be admitted, if none
    is admitted in between.
    """
    limiter = RateLimiter(1, 60)
    limiter.allow("ann", 130)
    assert limiter.retry_after("ann", 179) == 1


def test_wait_in_the_first_second_of_a_window():
    """In the first second of a window the wait is the whole window.

    Rule: Windows are the same for all users and start at the multiples of `window`.
    Rule: The smallest number of seconds after which a request of `user` would be admitted, if none
    is admitted in between.
    """
    limiter = RateLimiter(1, 60)
    limiter.allow("ann", 120)
    assert limiter.retry_after("ann", 120) == 60


def test_wait_is_over_in_the_next_window():
    """Once the next window has begun there is no wait.

    Rule: The smallest number of seconds after which a request of `user` would be admitted, if none
    is admitted in between.
    Rule: It is `0` if one would be admitted at `timestamp`.
    """
    limiter = RateLimiter(1, 60)
    limiter.allow("ann", 100)
    assert limiter.retry_after("ann", 120) == 0
    assert limiter.retry_after("bob", 120) == 0


def test_wait_is_the_smallest_that_helps():
    """A request is refused one second before the wait is over and admitted after it.

    Rule: The smallest number of seconds after which a request of `user` would be admitted, if none
    is admitted in between.
    """
    limiter = RateLimiter(1, 30)
    limiter.allow("ann", 33)
    wait = limiter.retry_after("ann", 41)
    assert limiter.allow("ann", 41 + wait - 1) is False
    assert limiter.allow("ann", 41 + wait) is True


def test_two_limiters_share_nothing():
    """Two limiters know nothing of each other.

    Rule: Two limiters share nothing.
    """
    one, other = RateLimiter(1, 60), RateLimiter(2, 60)
    assert one.allow("ann", 5) is True
    assert other.remaining("ann", 5) == 2
    assert one.allow("ann", 5) is False
    assert other.allow("ann", 5) is True
