"""How a store is called when two solutions are compared, see `harness author fuzz`.

One thread only: what several threads may see depends on who comes first.
"""

from hypothesis.strategies import integers, one_of

from harness.authoring.fuzz import Fuzz, call, code, optional, pool, rising, since

KEY = pool("a", "ab", "b", "")
FIELD = pool("value", "f", "")
VALUE = pool("x", "y", "")
TTL = since(3, optional(integers(1, 6)))
# Mostly forwards, sometimes back: a clock that has gone further stays.
AT = {"timestamp": since(3, optional(one_of(rising(integers(0, 4)), integers(0, 20))))}
UPDATE = code("lambda old: 'z'", "lambda old: None", "lambda old: old", "lambda old: 1 // 0")
VIEW = code("lambda pairs: pairs", "lambda pairs: store.count()", "lambda pairs: 1 // 0")

fuzz = Fuzz(
    begin=[call("store = KVStore")],
    calls=[
        call("store.set", KEY, VALUE, ttl=TTL, **AT),
        call("store.get", KEY, **AT),
        call("store.delete", KEY, **AT),
        call("store.count", **AT),
        since(
            2,
            call("store.set_field", KEY, FIELD, VALUE, ttl=TTL, **AT),
            call("store.get_field", KEY, FIELD, **AT),
            call("store.delete_field", KEY, FIELD, **AT),
            call(
                "store.scan",
                pool("", "a", "b"),
                after=optional(KEY),
                limit=optional(integers(0, 3)),
                **AT,
            ),
        ),
        since(
            3,
            call("store.backup", **AT),
            call("store.restore", integers(0, 3), **AT),
        ),
        since(
            4,
            call("store.update", KEY, FIELD, UPDATE, ttl=TTL, **AT),
            call("store.view", pool("", "a", "b"), VIEW, **AT),
        ),
    ],
)
