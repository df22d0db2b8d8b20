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


def test_view_returns_the_answer_of_the_callback():
    """view hands over a scan and returns the answer of the callback"""
    store = KVStore()
    store.set("a1", "x")
    store.set("a2", "y")
    store.set("b1", "z")
    assert run(lambda: store.view("a", lambda pairs: [key for key, _ in pairs])) == ["a1", "a2"]


def test_update_writes_the_answer_of_the_callback():
    """update writes the answer of the callback and returns it"""
    store = KVStore()
    store.set_field("a", "n", "1")
    assert run(lambda: store.update("a", "n", lambda value: value + "2")) == "12"
    assert run(lambda: store.get_field("a", "n")) == "12"


def test_update_answered_by_none_removes_the_field():
    """An update that is answered by None removes the field"""
    store = KVStore()
    store.set("a", "1")
    assert run(lambda: store.update("a", "value", lambda value: None)) is None
    assert run(lambda: store.count()) == 0


def test_two_views_are_inside_together():
    """Two views are inside at the same time"""
    store = KVStore()
    barrier = threading.Barrier(2)

    def meet(pairs):
        try:
            barrier.wait(STAY)
        except threading.BrokenBarrierError:
            return "alone"
        return "together"

    first = Call(lambda: store.view("", meet))
    second = Call(lambda: store.view("", meet))
    assert answers(first, second) == ["together", "together"]


def test_a_set_waits_for_a_view():
    """A set waits until the view inside has left"""
    store = KVStore()
    entered, leave = threading.Event(), threading.Event()

    def stay(pairs):
        entered.set()
        leave.wait(STAY)
        return "left"

    view = Call(lambda: store.view("", stay))
    entered.wait(WAIT)
    assert view.wait(0) is False
    assert entered.is_set() is True
    write = Call(lambda: store.set("a", "1"))
    assert write.wait(SOON) is False
    leave.set()
    assert answers(view, write) == ["left", True]


def test_a_callback_must_not_call_the_store():
    """A callback that calls its store gets ReentrantCall"""
    store = KVStore()

    def callback(pairs):
        try:
            return store.count()
        except ReentrantCall:
            return "refused"

    assert run(lambda: store.view("", callback)) == "refused"
