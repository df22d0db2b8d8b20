import copy

import pytest
from solution import RateLimiter, StoreUnavailable


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


def test_nodes_share_a_limit():
    """Nodes of one store admit together what one limiter would."""
    store = Store()
    east, _ = join(store, "east")
    west, _ = join(store, "west")
    assert east.allow("ann", 5) is True
    assert west.allow("ann", 5, "search") is True
    assert east.allow("ann", 6) is False
    assert west.remaining("ann", 6) == 0


def test_race_for_the_last_unit():
    """When two nodes race for the last unit, the first to write gets it."""
    store = Store()
    east, link = join(store, "east", limit=1)
    west, _ = join(store, "west", limit=1)
    answers = []
    link.on_write = [first(lambda: answers.append(west.allow("ann", 5)))]
    answers.append(east.allow("ann", 5))
    assert answers == [True, False]


def test_lost_race_with_units_left():
    """A request that lost a race is admitted if it still fits."""
    store = Store()
    east, link = join(store, "east")
    west, _ = join(store, "west")
    link.on_write = [first(lambda: west.allow("ann", 5))]
    assert east.allow("ann", 5) is True
    assert link.traffic() == (2, 2)
    assert east.remaining("ann", 5) == 1


def test_answer_of_a_write_is_lost():
    """A write whose answer was lost is found and not repeated."""
    store = Store()
    east, link = join(store, "east")
    link.on_write = [answer_lost]
    assert east.allow("ann", 5) is True
    assert link.traffic() == (2, 1)
    assert east.remaining("ann", 5) == 2


def test_lagging_load():
    """A load that lags does not admit too much."""
    store = Store()
    east, link = join(store, "east", limit=1)
    west, _ = join(store, "west", limit=1)
    west.allow("ann", 5)
    link.on_load = [old(0)]
    assert east.allow("ann", 6) is False


def test_store_is_down():
    """With the store down requests are refused, and queries tell what the node last knew."""
    store = Store()
    east, link = join(store, "east")
    east.allow("ann", 5)
    link.on_load = [down] * 10
    assert east.allow("ann", 6) is False
    assert east.remaining("ann", 6) == 2


def test_store_is_down_for_a_user_never_seen():
    """With the store down a query about a user whom the node does not know fails."""
    store = Store()
    east, link = join(store, "east")
    link.on_load = [down] * 5
    with pytest.raises(StoreUnavailable):
        east.remaining("ann", 5)
    assert link.traffic() == (5, 0)


def test_clock_that_is_behind():
    """A node whose clock is behind acts at the user's latest moment."""
    store = Store()
    east, _ = join(store, "east")
    west, _ = join(store, "west")
    east.allow("ann", 62)
    assert west.allow("ann", 58) is True
    assert west.usage("ann", 62, 63) == 2
