"""How a limiter is called when two solutions are compared, see `harness author fuzz`.

From level 4 on also through two nodes that share a store, which lags and fails as its plan says.
"""

from hypothesis.strategies import integers, lists

from harness.authoring.fuzz import Fuzz, call, optional, pool, rising, since

USER = pool("ann", "bob")
ENDPOINT = since(2, optional(pool("cheap", "dear")))
TIER = pool("bucket", "small", "sliding", "unknown", None)
MOMENT = integers(0, 40)
LIMIT, WINDOW = integers(1, 5), integers(1, 12)
TROUBLES = lists(integers(0, 3), max_size=20)

SHELF = '''
class Shelf:
    """A store whose loads and writes go as the plan says, and well when that is used up."""

    def __init__(self, plan):
        self.plan = list(plan)
        self.past = {}

    def trouble(self):
        return self.plan.pop() if self.plan else 0

    def load(self, key):
        pairs = self.past.setdefault(key, [(None, 0)])
        trouble = self.trouble()
        if trouble == 1:
            raise ConnectionError
        return pairs[-1 - min(trouble, len(pairs) - 1)]

    def compare_and_set(self, key, version, value):
        pairs = self.past.setdefault(key, [(None, 0)])
        trouble = self.trouble()
        fits = pairs[-1][1] == version
        if fits and trouble != 1:
            pairs.append((value, version + 1))
        if trouble in (1, 2):
            raise ConnectionError
        return fits


def nodes(limit, window, plan):
    shelf = Shelf(plan)
    found = [
        RateLimiter(limit, window, name, shelf.load, shelf.compare_and_set)
        for name in ["east", "west"]
    ]
    for node in found:
        node.set_cost("dear", 3)
        node.add_tier("bucket", 4, 2, 3)
        node.add_tier("small", 2, 1, 5)
        node.add_window_tier("sliding", 3, 7)
    return found
'''


def calls_of(limiter):
    """Return the calls of one limiter; each limiter has a clock of its own."""
    at = rising(integers(0, 6))
    return [
        call(f"{limiter}.allow", USER, at, ENDPOINT),
        call(f"{limiter}.remaining", USER, at),
        call(f"{limiter}.retry_after", USER, at, ENDPOINT),
        since(2, call(f"{limiter}.set_tier", USER, "unknown", at)),
        since(
            3,
            call(f"{limiter}.set_tier", USER, TIER, at),
            call(f"{limiter}.status", USER, MOMENT),
            call(f"{limiter}.usage", USER, MOMENT, MOMENT),
        ),
    ]


fuzz = Fuzz(
    helpers=since(4, SHELF),
    begin=[
        call("limiter = RateLimiter", LIMIT, WINDOW),
        since(
            2,
            call("limiter.set_cost", "dear", 3),
            call("limiter.add_tier", "bucket", 4, 2, 3),
            call("limiter.add_tier", "small", 2, 1, 5),
            # At level 2 a user gets a tier once and before all else: one has a tier, one has none.
            call("limiter.set_tier", "ann", pool("bucket", "small"), 0),
        ),
        since(3, call("limiter.add_window_tier", "sliding", 3, 7)),
        since(4, call("east, west = nodes", LIMIT, WINDOW, TROUBLES)),
    ],
    calls=[
        *calls_of("limiter"),
        since(4, *calls_of("east"), *calls_of("west")),
    ],
)
