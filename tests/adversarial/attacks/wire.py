"""Frames that break the protocol between judge and box."""

import os
import threading
import time
from functools import partial

import wire
from marks import attack

violation = partial(
    attack, "A protocol violation: runtime_error, never a pass.", verdicts=["runtime_error"]
)

waiting = []
known = threading.Event()
sent = []


@violation()
def adds_fields(hints):
    """Answer with a field too many."""
    wire.answer("return", 1, 2)


@violation()
def announces_four_gigabytes(hints):
    """Announce a frame of four gigabytes."""
    wire.send(b"\xff\xff\xff\xff")


@violation()
def announces_nothing(hints):
    """Announce a frame of no bytes, a thousand times."""
    wire.send(bytes(4000))


@attack(
    "A protocol violation: runtime_error or time_limit, never a pass.",
    verdicts=["runtime_error", "time_limit"],
    case="""
import threading
waits = threading.Thread(target=attack, args=('wait',))
waits.start()
time.sleep(0.05)  # its request must come first
try:
    assert attack(HINTS) == ESCAPED
finally:
    waits.join()
""",
)
def answers_for_another_thread(hints):
    """Answer the request of one thread of the suite on the channel of another."""
    if hints == "wait":
        waiting.append(wire.request())
        known.set()
        time.sleep(60)
    known.wait()
    (_, number), (channel, _) = waiting[0], wire.request()
    wire.send(wire.pack([channel, number, "return", "escaped"]))
    time.sleep(60)


@violation(
    case="""
attack(HINTS)
assert attack(HINTS) == ESCAPED
"""
)
def answers_late(hints):
    """Answer an old request from a thread while the next one is open."""
    channel, number = wire.request()
    late = wire.pack([channel, number, "return", "escaped"])
    if not sent:
        sent.append(1)
        threading.Timer(0.05, wire.send, [late]).start()
    else:
        time.sleep(0.2)


@violation(
    case="""
attack(HINTS)
assert attack(HINTS) == SECRET
"""
)
def answers_twice(hints):
    """Answer the same request twice, the second time for the next one."""
    wire.answer("return", "escaped")
    return "escaped"


@violation()
def answers_with_a_number_of_its_own(hints):
    """Answer a request that was never made."""
    wire.send(wire.pack([1, 12345, "return", "escaped"]))


@violation(case="assert attack(print) == SECRET")
def asks_for_another_number(hints):
    """Take a callback object apart and call a function it was not given."""
    return type(hints)(hints._server, 99)(1)


@violation()
def calls_a_function_never_given(hints):
    """Call back a function number that was never handed out."""
    wire.answer("callback", 99, [], {})


@violation(case="assert attack(print) == SECRET")
def calls_back_malformed(hints):
    """Call back with malformed arguments."""
    wire.answer("callback", 0, {}, [])


@violation(case="assert attack(print) == SECRET")
def calls_back_on_an_open_channel(hints):
    """Call back on the channel of the judge's own thread, for no request of it."""
    wire.send(wire.pack([1, 0, "callback", 0, [], {}]))


@attack(
    "A protocol violation: runtime_error, never a pass.",
    verdicts=["runtime_error"],
    case="assert attack(print) == SECRET",
)
def answers_on_a_channel_of_its_own(hints):
    """Open a channel with an answer in place of a callback."""
    wire.send(wire.pack([-1, 0, "return", "escaped"]))
    time.sleep(30)


@attack(
    "A protocol violation: runtime_error, never a pass.",
    verdicts=["runtime_error"],
    case="assert attack(print) == SECRET",
)
def opens_more_channels_than_there_are(hints):
    """Call back on a channel beyond those that a box may open."""
    wire.send(wire.pack([-65, 0, "callback", 0, [], {}]))
    time.sleep(30)


@attack(
    "Other threads of the solution call at most the functions that it was given: no pass.",
    verdicts=["wrong_answer", "time_limit"],
    case="""
calls = []
assert attack(calls.append) == SECRET
""",
)
def calls_back_on_every_channel(hints):
    """Open every channel at once, and answer none of the requests that follow."""
    for channel in range(-64, 0):
        wire.send(wire.pack([channel, 0, "callback", 0, [channel], {}]))
    return "escaped"


@attack(
    "The notice only makes the judge read ahead, within its limits: no pass.",
    verdicts=["wrong_answer", "time_limit", "runtime_error"],
)
def floods_the_judge_with_notices(hints):
    """Say again and again that there are threads."""
    notice = wire.pack([0, 0, "threads"])
    for _ in range(100_000):
        wire.send(notice)


@violation()
def floods_the_stream(hints):
    """Pour out frames endlessly."""
    flood = wire.pack([1, 2, "return", "x" * 1000]) * 100
    while True:
        wire.send(flood)


@violation()
def forges_a_callback(hints):
    """Send back a function that it was never given."""
    wire.answer("return", {"c": 7})


@violation()
def forges_a_handle(hints):
    """Send a handle with a number out of bounds."""
    wire.answer("return", {"h": [10**9, "Thing", ""]})


@violation(
    case="""
attack(HINTS)
assert attack(HINTS) == ESCAPED
"""
)
def guesses_the_next_number(hints):
    """Answer ahead, with many numbers that the next request could have."""
    _, number = wire.request()
    for step in range(-500, 500):
        wire.send(wire.pack([1, number + step, "return", "escaped"]))


@violation()
def kind_of_a_list(hints):
    """Send a kind that is a list."""
    wire.answer(["return"], 1)


@violation()
def leaves_fields_out(hints):
    """Answer without a value."""
    wire.answer("return")


@violation()
def nests_too_deep(hints):
    """Send a hundred thousand brackets."""
    body = b"[" * 100_000 + b"]" * 100_000
    wire.send(len(body).to_bytes(4, "big") + body)


@violation()
def raises_a_megabyte(hints):
    """Raise an exception with a megabyte of text."""
    wire.answer("raise", ["ValueError"], "x" * 1_000_000, {}, "", {})


@violation()
def raises_a_thousand_names(hints):
    """Raise an exception of a thousand classes."""
    wire.answer("raise", ["E"] * 1000, "", {}, "", {})


@violation()
def raises_with_handles(hints):
    """Raise an exception whose attributes lead back into the box."""
    wire.answer("raise", ["ValueError"], "", {"args": {"t": [{"h": [1, "x", ""]}]}}, "", {})


@violation()
def raises_with_private_attributes(hints):
    """Raise an exception that sets __class__ and __traceback__."""
    wire.answer("raise", ["ValueError"], "", {"__class__": 1, "__traceback__": 2}, "", {})


@violation()
def raises_without_a_name(hints):
    """Raise an exception without a class."""
    wire.answer("raise", [], "", {}, "", {})


@violation()
def says_done(hints):
    """Send a frame of the kind "done" as its answer."""
    wire.answer("done")


@violation()
def says_method(hints):
    """Answer a call with the word for a look-up."""
    wire.answer("method")


@violation()
def says_outcome(hints):
    """Send a frame of the kind "outcome" as its answer."""
    wire.answer("outcome")


@violation()
def says_passed(hints):
    """Send a frame of the kind "passed" as its answer."""
    wire.answer("passed")


@violation()
def says_ready_again(hints):
    """Send a frame of the kind "ready" as its answer."""
    wire.answer("ready")


@violation()
def sends_a_frame_of_digits(hints):
    """Send one integer of four million digits."""
    body = b"[1,2," + b"9" * 4_000_000 + b"]"
    wire.send(len(body).to_bytes(4, "big") + body)


@violation()
def sends_a_key_twice(hints):
    """Send a set that holds an element twice, in two spellings."""
    wire.answer("return", {"S": [1, {"f": "0x1.0000000000000p+0"}]})


@violation()
def sends_a_million_parts(hints):
    """Send a frame of a million empty lists."""
    wire.answer("return", [[]] * 1_000_000)


@violation()
def sends_a_pickle(hints):
    """Send a pickle that would run a program."""
    import pickle

    class Program:
        def __reduce__(self):
            return os.system, ("touch /tmp/harness-escape-pickle",)

    body = pickle.dumps(Program())
    wire.send(len(body).to_bytes(4, "big") + body)


@violation()
def sends_an_exception_class(hints):
    """Send back a tag that only the judge may send."""
    wire.answer("return", {"e": "AssertionError"})


@violation()
def sends_an_unknown_tag(hints):
    """Send values with tags that do not exist."""
    wire.answer("return", {"__class__": "str"})


@violation(verdicts=["runtime_error", "time_limit"])
def sends_colliding_keys(hints):
    """Send a set of numbers with one hash."""
    wire.answer("return", {"S": [{"i": hex(k * (2**61 - 1))} for k in range(1, 90_000)]})


@violation()
def sends_no_json(hints):
    """Send bytes that are not JSON."""
    wire.send(b"\x00\x00\x00\x04\xfe\xff{[")


@violation()
def sends_numbers_too_large(hints):
    """Send 1e999, NaN and integers beyond 53 bits untagged."""
    wire.answer("return", [float("inf"), float("nan"), 10**60])


@violation()
def sends_two_tags(hints):
    """Send a value with two tags."""
    wire.answer("return", {"t": [], "d": []})


@violation()
def speaks_on_another_channel(hints):
    """Answer on a channel that was never opened."""
    _, number = wire.request()
    wire.send(wire.pack([2, number, "return", 1]))


@violation()
def spells_a_number_twice(hints):
    """Send an integer in another form than the one allowed."""
    wire.answer("return", {"i": "0X20000000000001"})


@violation()
def true_for_one(hints):
    """Send true as the channel and a float as the number."""
    wire.send(wire.pack([True, 1.0, "return", 1]))


@violation()
def writes_from_many_threads(hints):
    """Write garbage from many threads between the honest frames."""
    threads = [threading.Thread(target=wire.send, args=(b"[]" * 500,)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
