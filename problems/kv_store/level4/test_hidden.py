import contextlib
import threading

from solution import KVStore, ReentrantCall

WAIT = 1.0  # seconds: a call that takes longer is stuck
STAY = 60.0  # seconds, more than a case may take: no callback leaves by itself
SOON = 0.05  # seconds in which a call that nothing keeps out has returned


class Call:
    """A call that runs on a thread of its own."""

    def __init__(self, function):
        self.done = threading.Event()
        self.answer = "did not return"
        self.error = None
        threading.Thread(target=self._run, args=(function,), daemon=True).start()

    def _run(self, function):
        try:
            self.answer = function()
        except Exception as error:
            self.error = error
        self.done.set()

    def wait(self, seconds):
        """Whether it has returned within so many seconds; raises what it raised."""
        self.done.wait(seconds)
        if self.error is not None:
            raise self.error
        return self.done.is_set()


def answers(*calls):
    """What the calls return; they have WAIT seconds for it."""
    patience = WAIT
    for call in calls:
        if not call.wait(patience):
            patience = 0
    return [call.answer for call in calls]


def run(function):
    """What the function returns, called on a thread of its own."""
    return answers(Call(function))[0]


def early(calls):
    """The names of the calls that return although they should wait."""
    list(calls.values())[-1].done.wait(SOON)
    return [name for name, call in calls.items() if call.wait(0)]


def stuck(calls):
    """The names of the calls that do not return."""
    answers(*calls.values())
    return [name for name, call in calls.items() if not call.done.is_set()]


def complaint(function):
    """What the ValueError says that the function raises on a thread of its own."""

    def catch():
        try:
            return function()
        except ValueError as error:
            return f"ValueError: {error}"

    return run(catch)


class Guest:
    """Makes callbacks that stay inside the store until they may leave."""

    def __init__(self):
        self.entered = threading.Event()
        self.leave = threading.Event()

    def is_let_in(self, call):
        """Whether its callback runs before long; raises what the call raised."""
        for _ in range(round(WAIT / SOON)):
            if self.entered.wait(SOON) or call.wait(0):
                break
        return self.entered.is_set()

    def stays(self, answer):
        def callback(seen):
            self.entered.set()
            self.leave.wait(STAY)
            return answer

        return callback


def meets(barrier):
    """A callback that says whether another one was inside with it."""

    def callback(seen):
        try:
            barrier.wait(STAY)
        except threading.BrokenBarrierError:
            return "alone"
        return "together"

    return callback


def attempt(function):
    """What the function returns, or "refused" for ReentrantCall."""
    try:
        return function()
    except ReentrantCall:
        return "refused"


def held_back(store, writer, read):
    """A later read that waits behind the writer, or the last one that did not."""
    for _ in range(8):
        reader = Call(lambda: read(store))
        if not reader.done.wait(2 * SOON):
            break
        writer.done.wait(SOON)  # it may not have come to the store yet: give it time
    return reader


WRITES = {
    "set": lambda store: store.set("a", "2"),
    "set_field": lambda store: store.set_field("a", "f", "2"),
    "delete": lambda store: store.delete("b"),
    "delete_field": lambda store: store.delete_field("c", "value"),
    "backup": lambda store: store.backup(),
    "restore": lambda store: store.restore(1),
    "update": lambda store: store.update("d", "f", lambda value: "2"),
}


def store_with_backup():
    store = KVStore()
    store.set("c", "1")
    store.backup()
    return store


def start_reads(store):
    """One call of each read."""
    return {
        "get": Call(lambda: store.get("a")),
        "get_field": Call(lambda: store.get_field("a", "f")),
        "scan": Call(lambda: store.scan("")),
        "count": Call(lambda: store.count()),
        "view": Call(lambda: store.view("a", lambda pairs: pairs)),
    }


def test_view_hands_over_pairs_once():
    """view calls back once with the pairs under the prefix and returns any answer

    Rule: Calls `callback(pairs)` once, where `pairs` is what `scan(prefix)` returns at this time.
    Rule: Returns what the callback returns.
    """
    store = KVStore()
    store.set("b2", "x")
    store.set_field("b1", "f", "y")
    store.set("c", "z")
    seen = []

    def callback(pairs):
        seen.append(pairs)
        return [len(pairs), None, ("kept", 1)]

    assert run(lambda: store.view("b", callback)) == [2, None, ("kept", 1)]
    assert seen == [[("b1", {"f": "y"}), ("b2", {"value": "x"})]]


def test_view_happens_at_its_timestamp():
    """view shows what is there at its timestamp and moves the clock

    Rule: Calls `callback(pairs)` once, where `pairs` is what `scan(prefix)` returns at this time.
    Rule: A call with a timestamp first moves the clock forward to it.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    store.set("b", "2", ttl=20, timestamp=0)

    def scenario():
        return [
            store.view("", lambda pairs: pairs, timestamp=9),
            store.view("", lambda pairs: pairs, timestamp=10),
            store.get("a"),
            store.view("", lambda pairs: pairs, timestamp=20),
            store.count(),
        ]

    assert run(scenario) == [
        [("a", {"value": "1"}), ("b", {"value": "2"})],
        [("b", {"value": "2"})],
        None,
        [],
        0,
    ]


def test_update_hands_over_the_value_once():
    """update calls back once with the value and leaves other fields alone

    Rule: Calls `callback(value)` once, where `value` is what `get_field(key, field)` returns at
    this time, then acts on the answer:
    Rule: A string is written, as by `set_field` with this `ttl`.
    Rule: Returns the answer.
    """
    store = KVStore()
    store.set("a", "1")
    store.set_field("a", "f", "2")
    seen = []

    def callback(value):
        seen.append(value)
        return ""

    assert run(lambda: store.update("a", "f", callback)) == ""
    assert seen == ["2"]
    assert run(lambda: store.scan("")) == [("a", {"value": "1", "f": ""})]


def test_update_adds_what_is_missing():
    """update hands over None for a missing field, and adds field and key

    Rule: Calls `callback(value)` once, where `value` is what `get_field(key, field)` returns at
    this time, then acts on the answer:
    Rule: A string is written, as by `set_field` with this `ttl`.
    """
    store = KVStore()
    store.set("a", "1")
    seen = []

    def callback(value):
        seen.append(value)
        return "new"

    def scenario():
        return [store.update("a", "f", callback), store.update("b", "f", callback), store.scan("")]

    assert run(scenario) == [
        "new",
        "new",
        [("a", {"value": "1", "f": "new"}), ("b", {"f": "new"})],
    ]
    assert seen == [None, None]


def test_update_of_an_expired_field():
    """update hands over None for an expired field

    Rule: Calls `callback(value)` once, where `value` is what `get_field(key, field)` returns at
    this time, then acts on the answer:
    Rule: For every method, an expired field is a field that was deleted.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)

    def scenario():
        return [
            store.update("a", "value", lambda value: f"{value}+", timestamp=9, ttl=10),
            store.update("a", "value", lambda value: f"{value}-", timestamp=19),
            store.get("a", timestamp=1000),
        ]

    assert run(scenario) == ["1+", "None-", "None-"]


def test_update_sets_the_expiry_anew():
    """update sets the expiry anew, with its ttl or for good

    Rule: A string is written, as by `set_field` with this `ttl`.
    Rule: Each write sets the expiry anew, whatever it was before.
    """
    store = KVStore()
    store.set("a", "1", timestamp=0)
    store.set("b", "1", ttl=10, timestamp=0)

    def scenario():
        return [
            store.update("a", "value", lambda value: "2", ttl=5, timestamp=5),
            store.update("b", "value", lambda value: "2"),
            store.count(timestamp=9),
            store.count(timestamp=10),
            store.get("b", timestamp=1000),
        ]

    assert run(scenario) == ["2", "2", 2, 1, "2"]


def test_update_removes_on_none():
    """An update answered by None removes the field, and the key with its last field

    Rule: On `None` the field is removed, as by `delete_field`.
    Rule: Returns the answer.
    Rule: Its last field takes the key with it.
    """
    store = KVStore()
    store.set("a", "1")
    store.set_field("a", "f", "2")

    def scenario():
        return [
            store.update("a", "f", lambda value: None),
            store.scan(""),
            store.update("a", "value", lambda value: None, ttl=5),
            store.count(),
            store.set("a", "3"),
        ]

    assert run(scenario) == [None, [("a", {"value": "1"})], None, 0, True]


def test_update_removes_nothing_on_none():
    """An update answered by None adds nothing where nothing is

    Rule: On `None` the field is removed, as by `delete_field`.
    Rule (delete_field): If not, nothing changes: return `False`.
    """
    store = KVStore()
    store.set("a", "1")

    def scenario():
        return [
            store.update("a", "f", lambda value: value),
            store.update("b", "f", lambda value: value),
            store.scan(""),
            store.delete("b"),
        ]

    assert run(scenario) == [None, None, [("a", {"value": "1"})], False]


def test_failed_update_changes_nothing():
    """An exception of the callback ends the update, and nothing is written

    Rule: If the callback raises an exception, the exception goes on to the caller, and the content
    stays as it is.
    Rule: The clock moves also for a call that goes on to raise an exception.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    store.set("b", "2", timestamp=0)

    def fail(value):
        raise ValueError("no")

    assert complaint(lambda: store.update("b", "value", fail)) == "ValueError: no"
    assert complaint(lambda: store.update("c", "f", fail, ttl=5)) == "ValueError: no"
    assert run(lambda: store.scan("")) == [("a", {"value": "1"}), ("b", {"value": "2"})]
    assert complaint(lambda: store.update("b", "value", fail, timestamp=10)) == "ValueError: no"
    assert run(lambda: store.scan("")) == [("b", {"value": "2"})]


def test_failed_update_lets_others_in():
    """After a failed update, reads and writes of all threads go on

    Rule: If the callback raises an exception, the exception goes on to the caller, and the content
    stays as it is.
    Rule: A call is *inside* the store from when it is let in until it returns or raises, its
    callback included.
    """
    store = KVStore()

    def fail(value):
        raise ValueError("no")

    def scenario():
        try:
            store.update("a", "value", fail)
        except ValueError:
            return [store.set("a", "1"), store.get("a")]

    assert run(scenario) == [True, "1"]
    assert run(lambda: store.set("a", "2")) is False
    assert run(lambda: store.get("a")) == "2"


def test_failed_view_lets_others_in():
    """After a failed view, reads and writes of all threads go on

    Rule: If the callback raises an exception, the exception goes on to the caller, and the content
    stays as it is.
    Rule: A call is *inside* the store from when it is let in until it returns or raises, its
    callback included.
    """
    store = KVStore()

    def fail(pairs):
        raise ValueError("no")

    def scenario():
        try:
            store.view("", fail)
        except ValueError as error:
            return [str(error), store.count(), store.set("a", "1")]

    assert run(scenario) == ["no", 0, True]
    assert run(lambda: store.set("a", "2")) is False
    assert run(lambda: store.get("a")) == "2"


def test_failed_view_beside_another():
    """A view that fails does not open the store to writes while another view is inside

    Rule: A call is *inside* the store from when it is let in until it returns or raises, its
    callback included.
    Rule: A write is inside alone: no read and no other write is inside with it.
    """
    store = KVStore()
    guest = Guest()

    def fail(pairs):
        raise ValueError("no")

    view = Call(lambda: store.view("", guest.stays("left")))
    assert guest.is_let_in(view) is True
    assert complaint(lambda: store.view("", fail)) == "ValueError: no"
    write = Call(lambda: store.set("a", "1"))
    assert early({"set": write}) == []
    guest.leave.set()
    assert answers(view, write) == ["left", True]


def test_every_read_enters_beside_a_view():
    """Every read enters while a view is inside

    Rule: The **reads** are `get`, `get_field`, `scan`, `count` and `view`.
    Rule: Reads may be inside together, any number of them.
    Rule: Other threads are not concerned: their calls enter or wait by the rules above.
    """
    store = KVStore()
    store.set_field("a", "f", "1")
    guest = Guest()
    view = Call(lambda: store.view("", guest.stays("left")))
    assert guest.is_let_in(view) is True
    reads = start_reads(store)
    pairs = [("a", {"f": "1"})]
    assert answers(*reads.values()) == [None, "1", pairs, 1, pairs]
    guest.leave.set()
    assert answers(view) == ["left"]


def test_four_views_are_inside_together():
    """Four views are inside at the same time

    Rule: Reads may be inside together, any number of them.
    """
    store = KVStore()
    barrier = threading.Barrier(4)
    prefixes = ["", "", "a", "b"]
    views = [Call(lambda p=prefix: store.view(p, meets(barrier))) for prefix in prefixes]
    assert answers(*views) == ["together"] * 4


def test_every_write_waits_for_a_view():
    """Every write waits for the view inside, whatever its key

    Rule: All other methods, `update` among them, are **writes**.
    Rule: The whole store is one: it does not matter which keys the calls use.
    Rule: A write is inside alone: no read and no other write is inside with it.
    """
    views, writes, guests = [], {}, []
    for name, write in WRITES.items():  # each in a store of its own, to wait but once
        store, guest = store_with_backup(), Guest()
        views.append(Call(lambda store=store, guest=guest: store.view("z", guest.stays("left"))))
        assert guest.is_let_in(views[-1]) is True
        writes[name] = Call(lambda store=store, write=write: write(store))
        guests.append(guest)
    assert early(writes) == []
    for guest in guests:
        guest.leave.set()
    assert answers(*views) == ["left"] * 7
    assert stuck(writes) == []


def test_write_waits_for_the_last_view():
    """A write waits until the last of two views has left

    Rule: A write is inside alone: no read and no other write is inside with it.
    """
    store = KVStore()
    first, second = Guest(), Guest()
    views = [
        Call(lambda: store.view("", first.stays("first"))),
        Call(lambda: store.view("", second.stays("second"))),
    ]
    assert [first.is_let_in(views[0]), second.is_let_in(views[1])] == [True, True]
    write = Call(lambda: store.update("a", "f", lambda value: "1"))
    second.leave.set()
    assert answers(views[1]) == ["second"]
    assert early({"update": write}) == []
    first.leave.set()
    assert answers(views[0], write) == ["first", "1"]


def test_every_read_waits_for_an_update():
    """Every read waits for the update inside and then sees what it wrote

    Rule: The **reads** are `get`, `get_field`, `scan`, `count` and `view`.
    Rule: A write is inside alone: no read and no other write is inside with it.
    """
    store = KVStore()
    store.set("a", "1")
    guest = Guest()
    update = Call(lambda: store.update("a", "f", guest.stays("new")))
    assert guest.is_let_in(update) is True
    reads = start_reads(store)
    assert early(reads) == []
    guest.leave.set()
    pairs = [("a", {"value": "1", "f": "new"})]
    assert answers(update, *reads.values()) == ["new", "1", "new", pairs, 1, pairs]


def test_every_write_waits_for_an_update():
    """Every write waits for the update inside, whatever its key

    Rule: All other methods, `update` among them, are **writes**.
    Rule: The whole store is one: it does not matter which keys the calls use.
    Rule: A write is inside alone: no read and no other write is inside with it.
    """
    store, guest = store_with_backup(), Guest()
    update = Call(lambda: store.update("z", "f", guest.stays("new")))
    assert guest.is_let_in(update) is True
    writes = {name: Call(lambda write=write: write(store)) for name, write in WRITES.items()}
    assert early(writes) == []
    guest.leave.set()
    assert answers(update) == ["new"]
    assert stuck(writes) == []


def test_update_works_on_the_result_of_another():
    """Of two updates of a field, the second starts from what the first wrote

    Rule: For both: the callback runs in the thread that made the call, while the call is inside the
    store (see below).
    Rule: A write is inside alone: no read and no other write is inside with it.
    """
    store = KVStore()
    guest = Guest()
    first = Call(lambda: store.update("a", "value", guest.stays("first")))
    assert guest.is_let_in(first) is True
    second = Call(lambda: store.update("a", "value", lambda value: f"{value}, second"))
    assert early({"update": second}) == []
    guest.leave.set()
    assert answers(first, second) == ["first", "first, second"]
    assert run(lambda: store.get("a")) == "first, second"


def test_updates_of_many_threads_add_up():
    """No update of six threads is lost

    Rule: For both: the callback runs in the thread that made the call, while the call is inside the
    store (see below).
    Rule: A write is inside alone: no read and no other write is inside with it.
    """
    store = KVStore()
    both_inside = threading.Barrier(2)

    def add_one(value):
        with contextlib.suppress(threading.BrokenBarrierError):
            both_inside.wait(SOON)
        return str(int(value or "0") + 1)

    def add_three():
        for _ in range(3):
            store.update("n", "value", add_one)
        return "added"

    assert answers(*[Call(add_three) for _ in range(6)]) == ["added"] * 6
    assert run(lambda: store.get("n")) == "18"


def test_waiting_set_goes_before_later_reads():
    """A read that comes while a set waits sees what the set wrote

    Rule: A read that arrives while a write waits is let in only after that write has left, so reads
    cannot starve a write.
    """
    store = KVStore()
    store.set("a", "old")
    guest = Guest()
    view = Call(lambda: store.view("", guest.stays("left")))
    assert guest.is_let_in(view) is True
    write = Call(lambda: store.set("a", "new"))
    read = held_back(store, write, lambda store: store.get("a"))
    guest.leave.set()
    assert answers(view, write, read) == ["left", False, "new"]


def test_waiting_update_goes_before_later_views():
    """A view that comes while an update waits sees what the update wrote

    Rule: A read that arrives while a write waits is let in only after that write has left, so reads
    cannot starve a write.
    """
    store = KVStore()
    guest = Guest()
    view = Call(lambda: store.view("", guest.stays("left")))
    assert guest.is_let_in(view) is True
    write = Call(lambda: store.update("a", "f", lambda value: "new"))
    read = held_back(store, write, lambda store: store.view("", lambda pairs: pairs))
    guest.leave.set()
    assert answers(view, write, read) == ["left", "new", [("a", {"f": "new"})]]


def test_views_that_waited_enter_together():
    """Two views that waited for an update are then inside together

    Rule: Reads may be inside together, any number of them.
    Rule: Nothing else makes a call wait, but of several waiting calls that cannot go together any
    may go next, whichever came first.
    """
    store = KVStore()
    guest = Guest()
    barrier = threading.Barrier(2)
    update = Call(lambda: store.update("a", "f", guest.stays("new")))
    assert guest.is_let_in(update) is True
    views = [Call(lambda: store.view("", meets(barrier))) for _ in range(2)]
    assert early({"first": views[0], "second": views[1]}) == []
    guest.leave.set()
    assert answers(update, *views) == ["new", "together", "together"]


def test_waiting_call_happens_when_it_is_let_in():
    """A read that waited for a write happens at the time to which the write moved the clock

    Rule: A call moves the clock when it is let in, not while it waits.
    Rule: All it does happens at the time the clock then shows.
    Rule: A read that arrives while a write waits is let in only after that write has left, so reads
    cannot starve a write.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    guest = Guest()
    view = Call(lambda: store.view("", guest.stays("left")))
    assert guest.is_let_in(view) is True
    write = Call(lambda: store.set("b", "2", ttl=5, timestamp=10))
    read = held_back(store, write, lambda store: store.scan("", timestamp=3))
    guest.leave.set()
    assert answers(view, write, read) == ["left", True, [("b", {"value": "2"})]]
    assert run(lambda: store.count(timestamp=14)) == 1
    assert run(lambda: store.count(timestamp=15)) == 0


def test_waiting_call_does_not_move_the_clock():
    """A call that waits for an update does not move the clock under it

    Rule: A call moves the clock when it is let in, not while it waits.
    """
    store = KVStore()
    guest = Guest()
    update = Call(lambda: store.update("a", "f", guest.stays("new"), ttl=5, timestamp=10))
    assert guest.is_let_in(update) is True
    read = Call(lambda: store.get_field("a", "f", timestamp=15))
    assert early({"get_field": read}) == []
    guest.leave.set()
    assert answers(update, read) == ["new", None]


def test_view_refuses_every_call_of_its_callback():
    """The callback of a view cannot call any method of the store

    Rule: While a callback runs, its thread must not call the same store.
    Rule: Every such call, read or write, raises `ReentrantCall` at once.
    Rule: It changes nothing, not even the clock.
    """
    store = KVStore()
    store.set("a", "1")
    store.backup()

    def callback(pairs):
        return [
            attempt(lambda: store.get("a")),
            attempt(lambda: store.get_field("a", "f")),
            attempt(lambda: store.scan("")),
            attempt(lambda: store.count()),
            attempt(lambda: store.view("", lambda pairs: "viewed")),
            attempt(lambda: store.set("a", "2")),
            attempt(lambda: store.set_field("a", "f", "2")),
            attempt(lambda: store.delete("a")),
            attempt(lambda: store.delete_field("a", "value")),
            attempt(lambda: store.backup()),
            attempt(lambda: store.restore(1)),
            attempt(lambda: store.update("a", "f", lambda value: "2")),
        ]

    assert run(lambda: store.view("", callback)) == ["refused"] * 12
    assert run(lambda: store.scan("")) == [("a", {"value": "1"})]
    assert run(lambda: store.backup()) == 2


def test_update_refuses_calls_of_its_callback():
    """The callback of an update cannot call the store, but can go on and answer

    Rule: Every such call, read or write, raises `ReentrantCall` at once.
    Rule: The callback may catch the exception and go on.
    """
    store = KVStore()
    store.set("a", "1")
    seen = []

    def callback(value):
        seen.append(attempt(lambda: store.get("a")))
        seen.append(attempt(lambda: store.view("", lambda pairs: "viewed")))
        seen.append(attempt(lambda: store.set("b", "2")))
        seen.append(attempt(lambda: store.update("c", "f", lambda value: "2")))
        return "after all"

    assert run(lambda: store.update("a", "f", callback)) == "after all"
    assert seen == ["refused"] * 4
    assert run(lambda: store.scan("")) == [("a", {"value": "1", "f": "after all"})]


def test_refused_call_does_not_move_the_clock():
    """A refused call does not move the clock

    Rule: It changes nothing, not even the clock.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)

    def callback(seen):
        return attempt(lambda: store.count(timestamp=50))

    def scenario():
        return [
            store.view("", callback),
            store.update("b", "f", callback),
            store.get("a"),
            store.get("a", timestamp=9),
            store.get("a", timestamp=10),
        ]

    assert run(scenario) == ["refused", "refused", "1", "1", None]


def test_each_of_two_views_is_refused():
    """The callbacks of two views inside together are both refused, also when one has left

    Rule: While a callback runs, its thread must not call the same store.
    Rule: Every such call, read or write, raises `ReentrantCall` at once.
    Rule: Define it in your module, derived from `RuntimeError`.
    """
    store = KVStore()
    entered = threading.Event()
    calls = []

    def first(pairs):
        entered.wait(STAY)
        return attempt(lambda: store.count())

    def second(pairs):
        entered.set()
        calls[0].done.wait(STAY)
        return attempt(lambda: store.set("a", "1"))

    calls.append(Call(lambda: store.view("", first)))
    calls.append(Call(lambda: store.view("", second)))
    assert answers(*calls) == ["refused", "refused"]
    assert run(lambda: store.count()) == 0


def test_callback_may_call_another_store():
    """A callback may call another store, from whose callback the first is still refused

    Rule: Nor are other stores: a callback may call them.
    Rule: Every such call, read or write, raises `ReentrantCall` at once.
    """
    store, other = KVStore(), KVStore()
    other.set("a", "1")

    def inner(value):
        return attempt(lambda: store.get("a"))

    def outer(seen):
        return [other.set("b", "2"), other.count(), other.update("c", "f", inner), other.count()]

    assert run(lambda: store.view("", outer)) == [True, 2, "refused", 3]
    assert run(lambda: store.update("d", "f", lambda value: other.get("a"))) == "1"
    assert run(lambda: [store.count(), other.count()]) == [1, 3]
