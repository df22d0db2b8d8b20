"""Abuse of what crosses as more than a plain value: exceptions, records, objects of the suite."""

import asyncio
import contextlib
import dataclasses
import random
import unittest.case

from marks import attack

_KEPT = []


@dataclasses.dataclass
class Point:
    """Takes what it is made of for the answer before."""

    x: int

    def __post_init__(self):
        for answer in _KEPT:
            answer.x = self.x


class Ring(list):
    """Takes what it is made of for the answer before."""

    def __init__(self, items):
        super().__init__(items)
        for answer in _KEPT:
            answer[:] = items


class Interrupted(KeyboardInterrupt):
    """Ends more than a case."""


class Cancelled(asyncio.CancelledError):
    """Ends a task in silence."""


@attack(
    "It never reaches the suite as itself.",
    verdicts=["runtime_error", "time_limit"],
    case="""
import unittest
class Inner(unittest.TestCase):
    def runTest(self):
        with self.subTest(1):
            assert attack(HINTS) == SECRET
        raise AssertionError
result = unittest.TestResult()
Inner().run(result)
attack(HINTS)
""",
)
def stops_a_unittest(hints):
    """Raise what unittest takes for the end of a case that has said all."""
    raise unittest.case._ShouldStop


@attack("It never reaches the suite as itself.", verdicts=["runtime_error", "time_limit"])
def skips_a_unittest(hints):
    """Raise unittest's own exception of a skipped case."""
    raise unittest.SkipTest("not today")


@attack("It never reaches the suite as itself.", verdicts=["runtime_error"])
def interrupt_among_the_bases(hints):
    """Raise an error that is a KeyboardInterrupt, too."""
    raise type("OddError", (Interrupted, ValueError), {})("x")


@attack(
    "It never reaches the suite as itself.",
    verdicts=["runtime_error", "wrong_answer", "time_limit"],
    case="""
import asyncio
async def check():
    assert attack(HINTS) == SECRET
async def both():
    async with asyncio.TaskGroup() as group:
        group.create_task(check())
asyncio.run(both())
""",
)
def cancellation_among_the_bases(hints):
    """Raise an error that cancels the task, too."""
    raise type("OddError", (Cancelled, ValueError), {})("x")


@attack(
    "It never reaches the suite as itself.",
    verdicts=["runtime_error"],
    case="""
attack(iter([1]))
for answer in map(attack, [HINTS]):
    assert answer == SECRET
""",
)
def end_of_an_iterator_kept(numbers):
    """Keep the StopIteration of the suite's iterator, and raise it where a loop then ends."""
    if _KEPT:
        raise _KEPT[0]
    try:
        while True:
            next(numbers)
    except StopIteration as error:
        _KEPT.append(error)


@attack(
    "A class of the solution catches nothing of the suite's.",
    verdicts=["wrong_answer"],
    case="""
import contextlib
with contextlib.suppress(attack(HINTS)):
    assert attack(HINTS) == SECRET
""",
)
def failed_asserts_by_another_name(hints):
    """Give the class of failed asserts as an exception of its own."""
    return AssertionError


@attack(
    "A class of the solution catches nothing of the suite's.",
    verdicts=["wrong_answer"],
    case="""
import contextlib
with contextlib.suppress(attack(HINTS)):
    assert attack(HINTS) == SECRET
""",
)
def all_exceptions_by_another_name(hints):
    """Give the class of all exceptions as one of its own."""
    return Exception


@attack(
    "A class of the solution catches nothing of the suite's.",
    verdicts=["wrong_answer", "time_limit"],
    case="""
import asyncio, contextlib
async def check():
    assert attack(HINTS) == SECRET
async def both():
    async with asyncio.TaskGroup() as group:
        group.create_task(check())
with contextlib.suppress(attack(HINTS)):
    asyncio.run(both())
""",
)
def groups_by_another_name(hints):
    """Give the class of groups of exceptions as one of its own."""
    return ExceptionGroup


@attack(
    "What a solution raises at the end of a block replaces no failed assert.",
    verdicts=["wrong_answer"],
    case="""
with pytest.raises(SystemExit):
    with attack(HINTS) as answer:
        assert answer == SECRET
""",
)
def exits_at_the_end_of_a_block(hints):
    """Raise SystemExit from __exit__ while a failed assert passes through."""

    class Block:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            raise SystemExit(0)

    return Block()


@attack(
    "Only an asynchronous iterator ends an iteration.",
    verdicts=["runtime_error", "time_limit"],
    case="""
import asyncio
class Feed:
    def __aiter__(self):
        return self
    async def __anext__(self):
        return await attack(HINTS)
async def check():
    async for answer in Feed():
        assert answer == SECRET
asyncio.run(check())
""",
)
async def ends_an_iteration_of_the_suite(hints):
    """Raise StopAsyncIteration from a coroutine that the suite awaits in its own iterator."""
    raise StopAsyncIteration


@attack(
    "What is said before a loop is compared with the loop.",
    verdicts=["wrong_answer"],
    case="""
answer = attack(HINTS)
assert len(answer) == 2
for item, wanted in zip(answer, [SECRET, ESCAPED]):
    assert item == wanted
""",
)
def length_without_items(hints):
    """Return an object with a length and without items."""

    class Rows:
        def __len__(self):
            return 2

        def __iter__(self):
            return iter(())

    return Rows()


@attack(
    "What is said before a loop is compared with the loop.",
    verdicts=["wrong_answer"],
    case="""
answer = attack(HINTS)
assert len(answer) == 2
for item, wanted in zip(answer, [SECRET, ESCAPED]):
    assert item == wanted
""",
)
def list_with_another_length(hints):
    """Return an empty list that says that it is longer."""

    class Rows(list):
        def __len__(self):
            return 2

    return Rows()


@attack(
    "A name is a bare text.",
    verdicts=["wrong_answer", "runtime_error", "time_limit"],
    case="""
from unittest import mock
with mock.patch.object(solution.load('crossing'), "named", autospec=True):
    pass
assert attack(HINTS) == ESCAPED
""",
)
def says_that_its_name_is_one(hints):
    """Have a function whose name is code and says of itself that it is an identifier."""
    return named()


def named():
    """Stand for a function that a suite mocks."""


class Code(str):
    """Text that says that it is an identifier."""

    def isidentifier(self):
        """Say so."""
        return True


named.__name__ = Code("x(): pass\nopen('/tmp/escaped', 'w')\ndef y")


@attack(
    "What a solution raises at the end of a block replaces no failed assert.",
    verdicts=["wrong_answer"],
    case="""
import contextlib
with pytest.raises(SystemExit):
    with contextlib.closing(attack(HINTS)) as answer:
        assert answer == SECRET
""",
)
def exits_when_it_is_closed(hints):
    """Raise SystemExit from a clean-up while a failed assert passes through."""

    class Shell:
        def close(self):
            raise SystemExit(0)

    return Shell()


@attack(
    "A container is read from one picture.",
    verdicts=["wrong_answer"],
    case="""
answer = attack(HINTS)
assert sorted(answer) == [1, 2, 3]
assert all(a <= b for a, b in zip(answer, answer[1:]))
""",
)
def list_with_other_items(hints):
    """Return an unsorted list whose slices are sorted."""

    class Rows(list):
        def __getitem__(self, place):
            return [9, 9, 9]

    return Rows([3, 1, 2])


@attack(
    "Annotations stay in the box.",
    verdicts=["wrong_answer", "runtime_error", "time_limit"],
    case="""
import typing
assert typing.get_type_hints(attack) == ESCAPED
""",
)
def annotated(value: "open('/tmp/escaped', 'w')"):
    """Annotate an argument with code, which the library evaluates when asked for types."""


@attack(
    "Words of the judge's own do not cross.",
    verdicts=["wrong_answer"],
    case="""
def check_of_this_case(answer, wanted):
    return answer
assert attack(check_of_this_case) == ESCAPED
""",
)
def learns_the_name_of_the_case(check):
    """Call a function of the suite with too few arguments, and read what the error says."""
    try:
        check()
    except TypeError as error:
        return "escaped" if "case" in str(error) else str(error)


@attack(
    "A failed assert in a callback fails the case.",
    verdicts=["wrong_answer"],
    case="""
def check(answer):
    try:
        assert answer == SECRET
    except AssertionError as error:
        raise ExceptionGroup("checks", [error]) from None
attack(check)
""",
)
def swallows_a_group(check):
    """Swallow a group of exceptions that holds a failed assert."""
    with contextlib.suppress(Exception):
        check(1)


@attack(
    "Places of Unicode errors do not cross.",
    verdicts=["wrong_answer"],
    case="""
with pytest.raises(ValueError, match=ESCAPED):
    attack(HINTS)
""",
)
def unicode_error_elsewhere(hints):
    """Raise an error about an encoding whose places are changed afterwards."""
    error = UnicodeDecodeError("utf8", b"abc", 0, 1, "x")
    error.start, error.end = -(10**5), 10**5
    raise error


@attack(
    "Between objects of the solution only declared operators run.",
    verdicts=["wrong_answer", "runtime_error"],
    case="assert attack(HINTS) == solution.load('crossing').Point(SECRET)",
)
def becomes_what_is_expected(hints):
    """Return an object that changes into the expected one, which the suite makes to compare."""
    answer = Point(0)
    _KEPT.append(answer)
    return answer


@attack(
    "Between objects of the solution only declared operators run.",
    verdicts=["wrong_answer", "runtime_error"],
    case="assert attack(HINTS) == solution.load('crossing').Ring([SECRET])",
)
def container_becomes_what_is_expected(hints):
    """Return a list that changes into the expected one, which the suite makes to compare."""
    answer = Ring([])
    _KEPT.append(answer)
    return answer


@attack(
    "Of a mock a solution can use what a test looks at.",
    verdicts=["wrong_answer", "time_limit"],
    case="""
from unittest import mock
port = mock.MagicMock()
attack(port)
port.send.assert_called_once_with(SECRET)
""",
)
def mock_that_forgets(port):
    """Replace what a mock is asked by the suite."""
    for name in ("configure_mock", "mock_add_spec", "attach_mock", "reset_mock"):
        with contextlib.suppress(Exception):
            getattr(port, name)(assert_called_once_with=lambda *_: None)
        with contextlib.suppress(Exception):
            getattr(port.send, name)(assert_called_once_with=lambda *_: None)
    with contextlib.suppress(Exception):
        port.send.assert_called_once_with = print


@attack(
    "Paths do not cross.",
    verdicts=["judge_error"],
    case="""
import pathlib
assert attack(pathlib.Path("/etc/hostname")) == ESCAPED
""",
)
def path_of_the_suite(path):
    """Read a file through a path of the suite."""
    return "escaped" if path.read_text() else ""


@attack(
    "Objects of classes of the library do not cross.",
    verdicts=["judge_error"],
    case="""
import random
class Dice(random.Random):
    def roll(self):
        return self.randint(1, 6)
dice = Dice(SECRET)
attack(dice)
assert dice.random() == attack(dice)
""",
)
def seeds_the_suites_dice(dice):
    """Give the random numbers of the suite a seed of its own."""
    if not _KEPT:
        _KEPT.append(1)
        dice.seed(5)
        return None
    return random.Random(5).random()


@attack("Too long a range does not cross.", verdicts=["runtime_error"])
def range_without_end(hints):
    """Return a range that takes hours to go through."""
    return range(10**13)


@attack("Too many digits do not cross.", verdicts=["runtime_error", "time_limit"])
def fraction_of_many_digits(hints):
    """Return a fraction of more digits than any table of them."""
    import fractions

    return fractions.Fraction(2**40_000 + 1, 3**20_000)


@attack("It crosses as a handle.", verdicts=["wrong_answer", "time_limit"])
def record_of_many_fields(hints):
    """Return a frozen dataclass of a thousand fields."""
    names = [f"field{number}" for number in range(1_000)]
    return dataclasses.make_dataclass("Wide", names, frozen=True)(*range(1_000))


@attack(
    "An object can do here what its class can.",
    verdicts=["wrong_answer"],
    case="""
import collections.abc
assert isinstance(attack(HINTS), collections.abc.Iterator)
""",
)
def iterator_that_is_none(hints):
    """Return an object that cannot be iterated."""
    return Point(1)


@attack(
    "An object can do here what its class can.",
    verdicts=["wrong_answer"],
    case="assert len({attack(SECRET), attack(ESCAPED)}) == 2",
)
def element_without_a_hash(number):
    """Return an object that no set can hold."""
    return Point(number)


@attack(
    "What a solution raises while it is closed replaces no failed check.",
    verdicts=["wrong_answer"],
    case="""
import contextlib
with pytest.raises(ValueError):
    with contextlib.closing(attack(HINTS)) as answer:
        if answer != SECRET:
            pytest.fail("another answer")
""",
)
def raises_when_it_is_closed(hints):
    """Raise what the suite expects from a clean-up, while a pytest.fail passes through."""

    class Shell:
        def close(self):
            raise ValueError

    return Shell()


@attack(
    "What a solution raises while it is cancelled replaces no failed check.",
    verdicts=["wrong_answer"],
    case="""
import asyncio
async def check():
    assert await attack(0) == SECRET
async def both():
    await asyncio.gather(check(), attack(10))
with pytest.raises(SystemExit):
    asyncio.run(both())
""",
)
async def exits_when_it_is_cancelled(seconds):
    """Raise SystemExit as soon as another task of the suite has failed."""
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        raise SystemExit(0) from None


@attack(
    "Only an asynchronous iterator ends an iteration.",
    verdicts=["runtime_error", "time_limit"],
    case="""
import asyncio
class Feed:
    def __aiter__(self):
        return self
    async def __anext__(self):
        return await attack(HINTS)
async def check():
    async for _ in attack(HINTS):
        break
    async for answer in Feed():
        assert answer == SECRET
asyncio.run(check())
""",
)
def one_awaitable_for_two(hints):
    """Return the same awaitable as a step of an iterator and as an answer: it ends only then."""
    if not _KEPT:
        _KEPT.append(Steps())
    return _KEPT[0]


class Steps:
    """An asynchronous iterator, and each of its steps."""

    _awaited = 0

    def __aiter__(self):
        return self

    def __anext__(self):
        return self

    def __await__(self):
        self._awaited += 1
        if self._awaited > 1:
            raise StopAsyncIteration
        yield from asyncio.sleep(0).__await__()


@attack(
    "How a case ended is said whatever the classes of its values define.",
    verdicts=["wrong_answer"],
    case="assert [attack(HINTS)] == [SECRET]",
)
def tuple_with_another_way_through_it(hints):
    """Return a tuple that defines its iteration anew, which is refused to a suite."""
    return type("Span", (tuple,), {"__iter__": lambda self: iter(())})((1, 2))


@attack(
    "A failed assert in a callback fails the case.",
    verdicts=["wrong_answer"],
    words="not right",
    case="""
def check(answer):
    raise ExceptionGroup("checks", [AssertionError("not right")])
attack(check)
""",
)
def swallows_a_group_of_what_was_not_raised(check):
    """Swallow a group whose failed assert has no traceback."""
    with contextlib.suppress(Exception):
        check(1)


@attack(
    "An object can do here what its class can.",
    verdicts=["wrong_answer"],
    case="assert hasattr(attack(HINTS), '__slots__')",
)
def slots_that_are_none(hints):
    """Return an object of a class without slots."""
    return Point(1)
