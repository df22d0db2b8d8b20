"""How juice_bar is called when two solutions of it are compared, see `harness author fuzz`."""

from hypothesis.strategies import integers

from harness.authoring.fuzz import Fuzz, call, pool, since

NAME = pool("ann", "bob", "Bob")
AMOUNT = integers(-3, 3)

fuzz = Fuzz(
    begin=[call("ledger = JuiceBar")],
    calls=[
        call("ledger.add", NAME, AMOUNT),
        call("ledger.total", NAME),
        since(2, call("ledger.top", integers(0, 3))),
    ],
)
