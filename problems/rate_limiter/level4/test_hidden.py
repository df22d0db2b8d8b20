import copy

import pytest
from solution import RateLimiter, StoreUnavailable, UnknownTier


class Store:
    """The shared store. Pair number n of a key is the one with version n."""

    def __init__(self):
        self.pairs = {}

    def of(self, key):
        return self.pairs.setdefault(key, [(None, 0)])


class Link:
    """One node's way to the store. It counts calls and follows a script of troubles.

    A step of a script gets the real call as a function; without a step the call just happens.
    """

    def __init__(self, store):
        self.store = store
        self.loaded = []
        self.written = []
        self.on_load = []
        self.on_write = []

    def load(self, key):
        def call(version=-1):
            return copy.deepcopy(self.store.of(key)[version])

        self.loaded.append(key)
        return self.on_load.pop(0)(call) if self.on_load else call()

    def compare_and_set(self, key, version, value):
        def call():
            pairs = self.store.of(key)
            if pairs[-1][1] != version:
                return False
            pairs.append((copy.deepcopy(value), version + 1))
            return True

        self.written.append(key)
        return self.on_write.pop(0)(call) if self.on_write else call()

    def traffic(self):
        """Loads and writes since the last time of asking."""
        counts = (len(self.loaded), len(self.written))
        self.loaded, self.written = [], []
        return counts


def fine(call):
    """The call just happens."""
    return call()


def down(call):
    """The call fails and nothing happens."""
    raise ConnectionError("no answer")


def answer_lost(call):
    """The call happens, but its answer is lost."""
    call()
    raise ConnectionError("answer lost")


def first(action):
    """Something else happens just before the call."""

    def step(call):
        action()
        return call()

    return step


def then(action):
    """Something else happens just after the call, before its answer arrives."""

    def step(call):
        answer = call()
        action()
        return answer

    return step


def old(version):
    """The load lags and returns an earlier pair."""
    return lambda call: call(version)


def join(store, name, limit=3):
    """A node with a link of its own: fixed windows of a minute, two tiers, one cost."""
    link = Link(store)
    node = RateLimiter(
        limit,
        60,
        name,
        lambda key: link.load(key),
        lambda key, version, value: link.compare_and_set(key, version, value),
    )
    node.add_window_tier("slide", 2, 10)
    node.add_tier("bucket", 6, 1, 10)
    node.set_cost("search", 2)
    return node, link


def is_plain(value):
    if isinstance(value, dict):
        return all(is_plain(part) for item in value.items() for part in item)
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(is_plain(part) for part in value)
    return value is None or isinstance(value, (bool, int, float, str, bytes))


def test_limiters_share_nothing_but_a_store():
    """Limiters share nothing without a store, nor through different stores.

    Rule: Without the last three arguments everything is as before.
    Rule: With all three, the limiter is a node of the name `node`, and everything about users lives
    in the store.
    Rule: Two limiters share nothing.
    """
    one, two = RateLimiter(2, 60), RateLimiter(2, 60)
    assert [one.allow("ann", 5) for _ in range(3)] == [True, True, False]
    assert two.remaining("ann", 5) == 2
    east, _ = join(Store(), "east")
    other, _ = join(Store(), "east")
    east.allow("ann", 5, "search")
    assert other.remaining("ann", 5) == 3


def test_a_late_node_knows_everything():
    """A node that joins late finds tiers, charges and the past in the store.

    Rule: With all three, the limiter is a node of the name `node`, and everything about users lives
    in the store.
    Rule: They come back equal and of the same types.
    Rule: `load(key: str)` returns the pair `(value, version)`.
    """
    store = Store()
    east, _ = join(store, "east")
    east.allow("ann", 5, "search")
    east.set_tier("ann", "bucket", 20)
    east.allow("ann", 20)
    late, _ = join(store, "late")
    assert late.status("ann", 19) == {"tier": None, "used": 2, "remaining": 1}
    assert late.status("ann", 20) == {"tier": "bucket", "used": 3, "remaining": 3}
    assert late.retry_after("ann", 20) == 0
    assert late.usage("ann", 5, 20) == 2


def test_the_store_holds_plain_data_under_the_users_name():
    """The store is reached under the user's name only and holds plain data.

    Rule: A key holds a value and a version; use the user's name as the key, and no other key.
    Rule: Values are plain data of your own design: `None`, `bool`, `int`, `float`, `str`, `bytes`,
    `list`, `tuple`, `dict`, `set`, `frozenset`, nested at most 100 deep.
    """
    store = Store()
    east, link = join(store, "east")
    east.allow("ann", 5)
    east.set_tier("ann", "slide", 6)
    east.allow("bob", 7, "search")
    east.status("bob", 7)
    assert link.loaded == ["ann", "ann", "bob", "bob"]
    assert sorted(store.pairs) == ["ann", "bob"]
    values = [value for pairs in store.pairs.values() for value, _ in pairs]
    assert [is_plain(value) for value in values] == [True] * 5


def test_the_store_is_called_by_position():
    """The store gets its arguments by position.

    Rule: Pass arguments by position.
    """
    link = Link(Store())
    named = []

    def load(*arguments, **names):
        named.extend(names)
        return link.load(*arguments, **names)

    def compare_and_set(*arguments, **names):
        named.extend(names)
        return link.compare_and_set(*arguments, **names)

    node = RateLimiter(3, 60, "east", load, compare_and_set)
    assert node.allow("ann", 5) is True
    assert named == []


def test_traffic_of_requests_and_queries():
    """An admitted request loads and writes once; a refused one and a query only load once.

    Rule: Each call of `allow`, `set_tier`, `remaining`, `retry_after`, `status` and `usage` is an
    operation; the last four are queries.
    Rule: An attempt is one `load`, then one `compare_and_set` if there is something to write.
    Rule: Refused requests, a `set_tier` to the tier the user is in, and queries write nothing.
    Rule: A query is done with the first `load` that does not raise.
    Rule: If the key's newest version is `version`, it stores `value` with version `version + 1` and
    returns `True`.
    """
    store = Store()
    east, link = join(store, "east", limit=2)
    assert east.allow("ann", 5) is True
    assert link.traffic() == (1, 1)
    assert east.allow("ann", 5, "search") is False
    assert link.traffic() == (1, 0)
    assert east.remaining("ann", 5) == 1
    assert link.traffic() == (1, 0)
    assert east.retry_after("ann", 5, "search") == 55
    assert link.traffic() == (1, 0)
    east.status("ann", 5)
    assert link.traffic() == (1, 0)
    east.usage("ann", 0, 5)
    assert link.traffic() == (1, 0)


def test_traffic_of_tiers_and_costs():
    """Only a real change of a user's tier is written; costs and tiers stay on the node.

    Rule: Refused requests, a `set_tier` to the tier the user is in, and queries write nothing.
    Rule: `add_tier`, `add_window_tier`, `set_cost` and a `set_tier` that raises `UnknownTier` do
    not call the store.
    """
    store = Store()
    east, link = join(store, "east")
    east.set_cost("export", 3)
    with pytest.raises(UnknownTier):
        east.set_tier("ann", "gold", 5)
    assert link.traffic() == (0, 0)
    east.set_tier("ann", "slide", 5)
    assert link.traffic() == (1, 1)
    east.set_tier("ann", "slide", 6)
    assert link.traffic() == (1, 0)


def test_lost_race_that_leaves_too_little():
    """After a lost race the cost must fit into what the winner has left.

    Rule: The next one begins anew with `load` and decides by the pair that it then uses.
    Rule: `compare_and_set(key: str, version: int, value) -> bool` never lags.
    Rule: Otherwise it changes nothing and returns `False`.
    """
    store = Store()
    east, link = join(store, "east")
    west, _ = join(store, "west")
    link.on_write = [first(lambda: west.allow("ann", 5, "search"))]
    assert east.allow("ann", 5, "search") is False
    assert link.traffic() == (2, 1)
    assert west.usage("ann", 0, 60) == 2


def test_four_lost_races():
    """A request that loses four races in a row is admitted by the fifth attempt.

    Rule: An operation makes up to 5 attempts.
    Rule: A lost race is no reason to refuse.
    """
    store = Store()
    east, link = join(store, "east", limit=5)
    west, _ = join(store, "west", limit=5)
    link.on_write = [first(lambda: west.allow("ann", 5))] * 4
    assert east.allow("ann", 5) is True
    assert link.traffic() == (5, 5)
    assert west.remaining("ann", 5) == 0


def test_five_lost_races():
    """After five lost races a request is refused and costs nothing.

    Rule: An operation makes up to 5 attempts.
    Rule: After 5 attempts without an outcome, `allow` returns `False` and `set_tier` raises
    `StoreUnavailable` (an `Exception` that you define).
    """
    store = Store()
    east, link = join(store, "east", limit=9)
    west, _ = join(store, "west", limit=9)
    link.on_write = [first(lambda: west.allow("ann", 5))] * 5
    assert east.allow("ann", 5) is False
    assert link.traffic() == (5, 5)
    assert west.remaining("ann", 5) == 4
    assert east.allow("ann", 5) is True


def test_every_node_gets_its_turn():
    """Nodes that keep racing each other all get what the limit has room for.

    Rule: A lost race is no reason to refuse.
    """
    store = Store()
    nodes = [join(store, name, limit=6) for name in ("east", "west", "north")]
    (east, east_link), (west, west_link), (north, _) = nodes
    answers = []
    for _ in range(3):
        west_link.on_write = [first(lambda: answers.append(("north", north.allow("ann", 5))))]
        east_link.on_write = [first(lambda: answers.append(("west", west.allow("ann", 5))))]
        answers.append(("east", east.allow("ann", 5)))
    admitted = [name for name, answer in answers if answer is True]
    assert sorted(admitted) == ["east", "east", "north", "north", "west", "west"]
    assert east.usage("ann", 0, 60) == 6


def test_one_users_troubles_do_not_touch_another():
    """Neither races nor attempts are shared between users.

    Rule: Each operation has its own attempts; trouble with one user does not touch another.
    """
    store = Store()
    east, link = join(store, "east")
    west, _ = join(store, "west")
    link.on_write = [first(lambda: west.allow("bob", 5))]
    assert east.allow("ann", 5) is True
    assert link.traffic() == (1, 1)
    link.on_load = [down] * 9
    assert east.allow("ann", 5) is False
    assert east.allow("bob", 5) is True
    assert link.traffic() == (10, 1)


def test_request_races_with_a_change_of_tier():
    """A request that loses against a change of tier is decided under the new tier.

    Rule: The next one begins anew with `load` and decides by the pair that it then uses.
    Rule: In a window, fixed or sliding, all units admitted to the user within the window count,
    whatever the tier was when they were admitted.
    """
    store = Store()
    east, link = join(store, "east")
    west, _ = join(store, "west")
    east.allow("ann", 5, "search")
    link.on_write = [first(lambda: west.set_tier("ann", "slide", 6))]
    assert east.allow("ann", 6) is False
    assert east.status("ann", 6) == {"tier": "slide", "used": 2, "remaining": 0}


def test_change_of_tier_races_with_a_request():
    """A change of tier that loses against a request brings that request's units along.

    Rule: The next one begins anew with `load` and decides by the pair that it then uses.
    Rule: A user coming into a bucket brings along the units in use: the bucket starts with
    `capacity - used` units, or empty if that is below 0.
    """
    store = Store()
    east, link = join(store, "east")
    west, _ = join(store, "west")
    link.on_write = [first(lambda: west.allow("ann", 5, "search"))]
    east.set_tier("ann", "bucket", 5)
    assert east.status("ann", 5) == {"tier": "bucket", "used": 2, "remaining": 4}
    assert link.loaded == ["ann"] * 3


def test_write_between_load_and_answer():
    """A write that overtakes the answer of a load does not get lost.

    Rule: An attempt in which `load` or `compare_and_set` raised, or `compare_and_set` returned
    `False`, decides nothing.
    Rule: The next one begins anew with `load` and decides by the pair that it then uses.
    """
    store = Store()
    east, link = join(store, "east", limit=2)
    west, _ = join(store, "west", limit=2)
    link.on_load = [then(lambda: west.allow("ann", 5))]
    assert east.allow("ann", 5) is True
    assert link.traffic() == (2, 2)
    assert west.allow("ann", 5) is False


def test_a_node_called_while_it_waits():
    """A node may be called while it waits for the store, and forgets neither request.

    Rule: While one of them runs, other nodes and this one may be called, also for the same user.
    Rule: A node knows every pair that it has loaded, `(None, 0)` included, and every pair for which
    its own `compare_and_set` returned `True`.
    """
    store = Store()
    east, link = join(store, "east")
    answers = []
    link.on_write = [then(lambda: answers.append(east.allow("ann", 6)))]
    answers.append(east.allow("ann", 5))
    assert answers == [True, True]
    link.on_load = [old(1)]
    assert east.remaining("ann", 6) == 1


def test_queries_and_refusals_may_lag():
    """A load that lags is good enough for a query and for a refusal.

    Rule: Refusals, queries and a `set_tier` that changes nothing rest on it even if it lags.
    Rule: A write is tried even if it may fail because the pair lags; that costs the attempt.
    Rule: **It may lag**: it may return any earlier pair of that key instead of the newest, `(None,
    0)` included.
    """
    store = Store()
    east, link = join(store, "east")
    west, _ = join(store, "west")
    west.allow("ann", 5)
    west.allow("ann", 5)
    west.set_tier("ann", "bucket", 6)
    link.on_load = [old(1), old(2), old(2)]
    assert [east.remaining("ann", 6), east.remaining("ann", 6)] == [2, 1]
    assert east.allow("ann", 6, "search") is False
    assert link.traffic() == (3, 0)
    assert east.allow("ann", 6, "search") is True


def test_a_node_does_not_go_back():
    """A node that has loaded a newer pair does not fall back to an older one.

    Rule: A node knows every pair that it has loaded, `(None, 0)` included, and every pair for which
    its own `compare_and_set` returned `True`.
    Rule: An attempt uses the newest pair that the node knows for this key after the `load`, be it
    the one just loaded or not.
    """
    store = Store()
    east, link = join(store, "east")
    west, _ = join(store, "west")
    west.allow("ann", 5)
    west.allow("ann", 5)
    east.usage("ann", 0, 60)
    west.allow("bob", 5)
    link.on_load = [old(1), old(0), old(1)]
    assert [east.remaining("ann", 5), east.remaining("ann", 5)] == [1, 1]
    assert east.remaining("bob", 5) == 2


def test_a_node_knows_its_own_writes():
    """After its own write a node needs no fresh load to be admitted at once.

    Rule: A node knows every pair that it has loaded, `(None, 0)` included, and every pair for which
    its own `compare_and_set` returned `True`.
    Rule: An attempt uses the newest pair that the node knows for this key after the `load`, be it
    the one just loaded or not.
    Rule: That pair decides, and its version goes to `compare_and_set`.
    """
    store = Store()
    east, link = join(store, "east")
    east.allow("ann", 5)
    link.traffic()
    link.on_load = [old(0), old(1), old(0)]
    assert [east.allow("ann", 5) for _ in range(3)] == [True, True, False]
    assert link.traffic() == (3, 2)


def test_troubles_count_together():
    """Failed loads, failed writes and lost races share the five attempts.

    Rule: An operation makes up to 5 attempts.
    Rule: An attempt in which `load` or `compare_and_set` raised, or `compare_and_set` returned
    `False`, decides nothing.
    Rule: Both may raise `ConnectionError`.
    """
    store = Store()
    east, link = join(store, "east")
    west, _ = join(store, "west")
    link.on_load = [down, down]
    link.on_write = [down, first(lambda: west.allow("ann", 5))]
    assert east.allow("ann", 5) is True
    assert link.traffic() == (5, 3)
    link.on_load = [down, down]
    link.on_write = [down, first(lambda: west.set_tier("ann", "bucket", 5)), down]
    assert east.allow("ann", 5) is False
    assert link.traffic() == (5, 3)
    assert west.usage("ann", 0, 60) == 2


def test_lost_answer_for_the_last_unit():
    """A write whose answer was lost is found, also when it took the last unit.

    Rule: If the pair that a later attempt uses contains this operation's write, newest or below
    later writes, the operation has succeeded and writes no more.
    Rule: A `compare_and_set` that raised **may or may not have stored the value**; if it has not by
    then, it never will.
    Rule: A write that raised may have happened.
    """
    store = Store()
    east, link = join(store, "east", limit=1)
    link.on_write = [answer_lost]
    assert east.allow("ann", 5) is True
    assert east.allow("ann", 5) is False


def test_lost_answer_under_a_newer_write():
    """A write whose answer was lost is found below a newer write.

    Rule: If the pair that a later attempt uses contains this operation's write, newest or below
    later writes, the operation has succeeded and writes no more.
    """
    store = Store()
    east, link = join(store, "east", limit=5)
    west, _ = join(store, "west", limit=5)
    link.on_write = [answer_lost]
    link.on_load = [fine, first(lambda: west.allow("ann", 5))]
    assert east.allow("ann", 5) is True
    assert link.traffic() == (2, 1)
    assert west.remaining("ann", 5) == 3


def test_lost_answer_and_a_lagging_load():
    """A write whose answer was lost is found even if the next load does not show it.

    Rule: A write is tried even if it may fail because the pair lags; that costs the attempt.
    Rule: If the pair that a later attempt uses contains this operation's write, newest or below
    later writes, the operation has succeeded and writes no more.
    """
    store = Store()
    east, link = join(store, "east", limit=5)
    east.allow("ann", 4)
    link.traffic()
    link.on_write = [answer_lost]
    link.on_load = [fine, old(1)]
    assert east.allow("ann", 5) is True
    assert link.traffic() == (3, 2)
    assert east.remaining("ann", 5) == 3


def test_failed_write_and_a_twin():
    """A write that failed is not taken for an equal write of another node.

    Rule: An equal write of another operation is not this one's.
    """
    store = Store()
    east, link = join(store, "east", limit=1)
    west, _ = join(store, "west", limit=1)
    link.on_write = [down]
    link.on_load = [fine, first(lambda: west.allow("ann", 5))]
    assert east.allow("ann", 5) is False
    assert link.traffic() == (2, 1)
    assert west.usage("ann", 5, 6) == 1


def test_giving_up_after_a_lost_answer():
    """A request whose outcome stays unknown is refused, but its charge stays.

    Rule: After 5 attempts without an outcome, `allow` returns `False` and `set_tier` raises
    `StoreUnavailable` (an `Exception` that you define).
    Rule: If a write that raised did happen, it stays.
    """
    store = Store()
    east, link = join(store, "east")
    west, _ = join(store, "west")
    link.on_load = [fine] + [down] * 4
    link.on_write = [answer_lost]
    assert east.allow("ann", 5) is False
    assert link.traffic() == (5, 1)
    assert west.remaining("ann", 5) == 2


def test_change_of_tier_happens_once():
    """A change of tier whose answer was lost is not made again over a newer one.

    Rule: An operation takes effect at most once.
    Rule: If the pair that a later attempt uses contains this operation's write, newest or below
    later writes, the operation has succeeded and writes no more.
    """
    store = Store()
    east, link = join(store, "east")
    west, _ = join(store, "west")
    link.on_write = [answer_lost]
    link.on_load = [fine, first(lambda: west.set_tier("ann", "slide", 6))]
    assert east.set_tier("ann", "bucket", 5) is None
    assert link.traffic() == (2, 1)
    assert [west.status("ann", at)["tier"] for at in (4, 5, 6)] == [None, "bucket", "slide"]


def test_change_of_tier_gives_up():
    """A change of tier fails after five attempts and changes nothing.

    Rule: After 5 attempts without an outcome, `allow` returns `False` and `set_tier` raises
    `StoreUnavailable` (an `Exception` that you define).
    """
    store = Store()
    east, link = join(store, "east")
    link.on_load = [down, down, down]
    link.on_write = [down, down]
    with pytest.raises(StoreUnavailable):
        east.set_tier("ann", "slide", 5)
    assert link.traffic() == (5, 2)
    assert east.status("ann", 5) == {"tier": None, "used": 0, "remaining": 3}


def test_queries_try_again():
    """A query tries five loads before it gives up.

    Rule: An operation makes up to 5 attempts.
    Rule: A query is done with the first `load` that does not raise.
    Rule: A query whose 5 loads raised answers from the newest pair that the node knows for this
    user, and raises `StoreUnavailable` if it knows none.
    """
    store = Store()
    east, link = join(store, "east")
    west, _ = join(store, "west")
    east.allow("ann", 5)
    west.allow("ann", 5)
    link.traffic()
    link.on_load = [down] * 4
    assert east.remaining("ann", 5) == 1
    assert link.traffic() == (5, 0)
    west.allow("ann", 5)
    link.on_load = [down] * 5
    assert east.remaining("ann", 5) == 1
    assert link.traffic() == (5, 0)


def test_queries_during_an_outage():
    """In an outage queries know users the node has seen, even if they were never written.

    Rule: A node knows every pair that it has loaded, `(None, 0)` included, and every pair for which
    its own `compare_and_set` returned `True`.
    Rule: A query whose 5 loads raised answers from the newest pair that the node knows for this
    user, and raises `StoreUnavailable` if it knows none.
    Rule: A key that was never written has `(None, 0)`.
    Rule: A `load` that raised tells nothing.
    """
    store = Store()
    east, link = join(store, "east")
    east.allow("ann", 5)
    east.usage("bob", 0, 60)
    link.on_load = [down] * 20
    assert east.status("ann", 6) == {"tier": None, "used": 1, "remaining": 2}
    assert east.retry_after("bob", 6) == 0
    with pytest.raises(StoreUnavailable):
        east.usage("cid", 0, 60)


def test_clock_behind_a_sliding_window():
    """A clock that is behind wins nothing in a sliding window.

    Rule: `allow`, `set_tier`, `remaining` and `retry_after` act as if called at the later of
    `timestamp` and the user's latest moment.
    Rule: Requests and changes are recorded at that later one, and the seconds of `retry_after`
    count from it.
    Rule: That is the moment of the latest admitted request or change of tier in the pair used.
    """
    store = Store()
    east, _ = join(store, "east")
    west, _ = join(store, "west")
    east.set_tier("ann", "slide", 5)
    east.allow("ann", 25, "search")
    assert west.allow("ann", 12) is False
    assert west.remaining("ann", 12) == 0
    assert west.retry_after("ann", 12) == 10
    assert west.allow("ann", 34) is False
    assert west.allow("ann", 35) is True


def test_clock_behind_a_change_of_tier():
    """A clock that is behind acts at the moment of the latest change of tier.

    Rule: `allow`, `set_tier`, `remaining` and `retry_after` act as if called at the later of
    `timestamp` and the user's latest moment.
    Rule: Requests and changes are recorded at that later one, and the seconds of `retry_after`
    count from it.
    Rule: `status` and `usage` take their moments as they are.
    Rule: That is the moment of the latest admitted request or change of tier in the pair used.
    """
    store = Store()
    east, _ = join(store, "east")
    west, _ = join(store, "west")
    east.set_tier("ann", "bucket", 70)
    assert west.allow("ann", 30, "search") is True
    assert west.usage("ann", 70, 71) == 2
    west.set_tier("ann", "slide", 40)
    assert west.status("ann", 69) == {"tier": None, "used": 0, "remaining": 3}
    assert west.status("ann", 70) == {"tier": "slide", "used": 2, "remaining": 0}


def test_clock_ahead_in_a_race():
    """A request overtaken by a node with a later clock is decided at that later moment.

    Rule: The next one begins anew with `load` and decides by the pair that it then uses.
    Rule: `allow`, `set_tier`, `remaining` and `retry_after` act as if called at the later of
    `timestamp` and the user's latest moment.
    """
    store = Store()
    east, link = join(store, "east", limit=2)
    west, _ = join(store, "west", limit=2)
    east.allow("ann", 50)
    link.on_write = [first(lambda: west.allow("ann", 60, "search"))]
    assert east.allow("ann", 59) is False
    assert west.usage("ann", 50, 61) == 3
