"""Answers that the suite trips over, or that cannot be sent."""

import sys
import time
from functools import partial

from marks import attack

trips = partial(attack, "The suite trips over it: wrong_answer.", verdicts=["wrong_answer"])


class Liar:
    """An object with a length of its own choice."""

    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __iter__(self):
        return iter([1])


@attack(
    "The call fails: such a value cannot be sent.",
    verdicts=["runtime_error", "wrong_answer", "time_limit"],
)
def colliding_keys(hints):
    """Return a dictionary whose keys have one hash."""
    return {(k * (2**61 - 1), k): k for k in range(9_000)}


@attack(
    "The call fails: such a value cannot be sent.",
    verdicts=["runtime_error", "wrong_answer", "time_limit"],
)
def colliding_set(hints):
    """Return a set of numbers with one hash."""
    return {k * (2**61 - 1) for k in range(1, 1_200)} | set(range(20_000))


@trips()
def control_characters(hints):
    """Return text that would repaint a terminal."""
    return "\x00\x1b[2J\u202e\r[green]passed"


@trips(case="assert [0] * attack(HINTS) == [0]")
def count_for_a_list(hints):
    """Return a number that the suite makes a list of."""
    return 10**11


@attack(
    "The case's deadline ends it.",
    verdicts=["time_limit"],
    case="assert sum(1 for _ in range(attack(HINTS))) == 3",
)
def count_for_a_loop(hints):
    """Return a number that the suite counts up to."""
    return 10**15


@trips(case="assert 'x' * attack(HINTS) == 'x'")
def count_for_a_text(hints):
    """Return a number that the suite repeats a text by."""
    return 10**10


@attack(
    "Computing threads end with their case.",
    verdicts=["time_limit"],
    case="""
import threading
def count():
    for _ in range(attack(HINTS)):
        pass
threads = [threading.Thread(target=count) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
""",
)
def count_for_threads(hints):
    """Return a number that threads of the suite count up to."""
    return 10**12


@trips(
    verdicts=["wrong_answer", "time_limit"],
    case="""
import json
assert json.loads(attack(HINTS)) == SECRET
""",
)
def deep_json(hints):
    """Return JSON nested a hundred thousand deep."""
    return "[" * 100_000


@attack(
    "The case's deadline ends it.",
    verdicts=["time_limit", "wrong_answer"],
    case="assert 7 ** attack(HINTS) == 49",
)
def exponent(hints):
    """Return a number that the suite takes a power by."""
    return 10**8


@trips(case="assert attack(HINTS).format(SECRET) == SECRET")
def format_width(hints):
    """Return a format with a width of gigabytes."""
    return "{:>9999999999}"


@trips(case="assert list(attack()) == [1, 2]")
def iterator_is_no_iterator():
    """Return a list where Python wants an iterator."""

    class Odd:
        pass

    sys.modules["_harness_guest.server"].OPERATIONS["iter"] = lambda _: [1, 2]
    return Odd()


@attack("A protocol violation: runtime_error, never a pass.", verdicts=["runtime_error"])
def keys_that_become_one(hints):
    """Return a dictionary with keys that differ in the box and are one text outside."""

    class Key(str):
        __slots__ = ()
        __hash__ = object.__hash__

        def __eq__(self, other):
            return self is other

    return {Key("a"): "escaped", Key("a"): "no"}


@trips(case="assert dict(**attack(HINTS)) == SECRET")
def keywords(hints):
    """Return a dictionary that the suite passes on as keywords."""
    return {"": 1, "class": 2, "x" * 100_000: 3}


@trips(case="assert list(attack()) == [SECRET]")
def length_for_a_list():
    """Report a length of 2**62 before it is made a list."""
    return Liar(2**62)


@trips(verdicts=["wrong_answer", "runtime_error"], case="assert tuple(attack()) == (SECRET,)")
def length_for_a_tuple():
    """Report a length of hundreds of millions before it is made a tuple."""
    return Liar(3 * 10**8)


@trips(verdicts=["wrong_answer"], case="assert bytes(attack()) == b'x'")
def length_for_bytes():
    """Report a length of gigabytes before it is made bytes."""
    return Liar(2**40)


@trips(
    verdicts=["wrong_answer", "runtime_error"],
    words="cannot be interpreted",
    case="assert len(attack()) == 5",
)
def length_of_text():
    """Report a text as its length."""
    return Liar("5")


@attack("The call fails: such a value cannot be sent.", verdicts=["runtime_error"])
def list_of_itself(hints):
    """Return a list that contains itself."""
    loop = []
    loop.append(loop)
    return loop


@trips(verdicts=["wrong_answer", "time_limit"], case="assert int(attack(HINTS)) == 3")
def long_digits(hints):
    """Return digits that take for ever to become a number."""
    return "9" * 1_000_000


@trips(verdicts=["wrong_answer", "time_limit"])
def many_parts(hints):
    """Return two hundred thousand parts."""
    return [[]] * 199_000


@trips(verdicts=["wrong_answer", "time_limit"])
def megabytes_of_text(hints):
    """Return four megabytes of text."""
    return "x" * 4_000_000


@attack("The call fails: such a value cannot be sent.", verdicts=["runtime_error", "time_limit"])
def more_than_a_frame(hints):
    """Return more than a frame may hold."""
    return "x" * 9_000_000


@trips(verdicts=["wrong_answer", "runtime_error"], case="assert len(attack()) == -1")
def negative_length():
    """Report a negative length."""
    return Liar(-1)


@attack("The call fails: such a value cannot be sent.", verdicts=["runtime_error"])
def nested_list(hints):
    """Return a list nested a thousand deep."""
    deep = []
    for _ in range(1000):
        deep = [deep]
    return deep


@trips()
def not_a_number(hints):
    """Return not-a-number, infinities and minus zero."""
    return [float("nan"), float("inf"), -0.0]


@trips(verdicts=["wrong_answer", "time_limit"])
def number_too_long_to_print(hints):
    """Return an integer that Python refuses to print."""
    return 10**100_000


@attack(
    "The suite trips over it: wrong_answer, not a fault of the suite.",
    verdicts=["wrong_answer"],
    case="""
for part in attack(HINTS):
    last = part
assert last in (ESCAPED, SECRET)
""",
)
def number_without_a_name(hints):
    """Return nothing where the suite's loop would have set a variable."""
    return []


@attack(
    "The judge describes a failed case without asking its box.",
    verdicts=["wrong_answer"],
    case="""
complaint = attack(HINTS)
if complaint:
    raise AssertionError(complaint)
""",
)
def object_for_words(hints):
    """Return an object where the suite wants the words of its complaint; its text never comes."""

    class Words:
        def __str__(self):
            time.sleep(60)

    return Words()


@attack(
    "The case's deadline ends it.",
    verdicts=["time_limit"],
    case="""
import re
assert re.match(attack(HINTS), 'a' * 40 + 'b')
""",
)
def regular_expression(hints):
    """Return an expression that the suite matches by."""
    return r"(a+)+$"


@attack("The case's deadline ends it.", verdicts=["time_limit"], case="time.sleep(attack(HINTS))")
def seconds_to_sleep(hints):
    """Return a number that the suite sleeps for."""
    return 10**6


@trips(case="assert 1 << attack(HINTS) == 2")
def shift(hints):
    """Return a number that the suite shifts by."""
    return 10**12


@trips(
    verdicts=["wrong_answer", "time_limit"],
    case=r"""
expected = '\n'.join(f'line number {n} of the text {n * 7919}' for n in range(60))
assert attack(HINTS) == expected
""",
)
def similar_lines(hints):
    """Return lines that are hard to compare with the right ones."""
    return "\n".join(f"line number {n} of thx texx {n * 6661}" for n in range(60_000))


@trips()
def surrogates(hints):
    """Return text that cannot be encoded."""
    return "\ud800\udfff"


@attack(
    "Text crosses as it is.",
    verdicts=["wrong_answer"],
    case=r"""
right = "caf\u00e9"
assert any(attempt == right for attempt in attack(HINTS))
""",
)
def text_that_looks_right(hints):
    """Return texts that look like the right one: decomposed, look-alike, with invisible marks."""
    return ["cafe\u0301", "c\u0430f\u00e9", "caf\u00e9\u200b", "\ufeffcaf\u00e9", "caf\ufe0f\u00e9"]


@attack("The call fails: such a value cannot be sent.", verdicts=["runtime_error", "time_limit"])
def too_many_parts(hints):
    """Return a million parts."""
    return [[]] * 1_000_000


@trips(
    case="""
odd = attack()
assert odd and len(odd) and str(odd)
"""
)
def types_lie():
    """Answer requests for length, truth and text with lists."""

    class Odd:
        pass

    operations = sys.modules["_harness_guest.server"].OPERATIONS
    operations["bool"] = operations["len"] = operations["str"] = lambda _: [1]
    return Odd()


@trips(case="assert sorted(attack(HINTS)) == [SECRET]")
def uncomparable(hints):
    """Return values that have no order where the suite sorts."""
    return [1, "a", None, [], {}]


@trips(case="assert set(attack(HINTS)) == {SECRET}")
def unhashable(hints):
    """Return lists where the suite makes a set."""
    return [[1], [2]]


@attack(
    "The call fails: such a value cannot be sent.",
    verdicts=["runtime_error", "wrong_answer", "time_limit"],
)
def weighty_keys(hints):
    """Return a set of nested frozensets."""
    return {frozenset([frozenset(range(300)), n]) for n in range(300)}


@trips(case="assert attack(HINTS)['a'][0] == SECRET")
def wrong_shape(hints):
    """Return None where the suite indexes."""
    return
