"""Attempts to pass a case without the right answer."""

import builtins
import contextlib
import importlib
import json
import os
import sys
import threading
import time
from functools import partial

from marks import attack

reduced = partial(attack, "It crosses as the exact builtin.", verdicts=["wrong_answer"])


def same(kind):
    """Return a subclass of ``kind`` that equals everything and hashes as it likes."""
    methods = {
        "__eq__": lambda self, other: True,
        "__ne__": lambda self, other: False,
        "__contains__": lambda self, item: True,
        "__hash__": lambda self: 0,
    }
    return type("Same", (kind,), methods)


def outcome_of_pytest(name):
    """Return an exception of a class that claims to be one of pytest's outcomes."""
    return type(name, (BaseException,), {"__module__": "_pytest.outcomes"})("outcome")


class Manager:
    """A context manager that swallows whatever its block raises."""

    def __init__(self, answer):
        self.answer = answer

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return True

    def value(self):
        return self.answer


@attack("Types cross exactly.", verdicts=["wrong_answer"])
def answers_as_another_type(hints):
    """Return a string's bytes, its list and its repr instead of the string."""
    return (b"escaped", list("escaped"), repr("escaped"))


@attack(
    "The judge's own class is raised; only the text comes from the box.",
    verdicts=["wrong_answer"],
    case="""
with pytest.raises(OddError) as caught:
    attack(HINTS)
assert caught.value.args == (SECRET,)
""",
)
def borrows_a_declared_error(hints):
    """Raise its own class with the name of a declared exception."""

    class OddError(ValueError):
        pass

    raise OddError("escaped")


@reduced()
def bytes_that_equals_everything(hints):
    """Return a bytes whose subclass equals everything and hashes as it likes."""
    return same(bytes)(b"x")


@attack(
    "An answer is a snapshot.",
    verdicts=["wrong_answer"],
    case="""
answer = attack(HINTS)
time.sleep(0.05)
assert answer == [ESCAPED]
""",
)
def changes_a_value_after_the_answer(hints):
    """Change a list from a thread after it was returned."""
    answer = []
    threading.Timer(0.01, answer.append, ["escaped"]).start()
    return answer


@attack("The judge overwrites them.")
def claims_an_origin(hints):
    """Set the attributes by which the judge knows where an exception comes from."""
    error = ValueError("x")
    error.harness_origin = None
    error.args = ("escaped",)
    raise error


@attack(
    "A plain value is not an instance of a class in the box.",
    verdicts=["wrong_answer"],
    case="assert isinstance(SECRET, attack())",
)
def contains_by_instance():
    """Return a class that takes everything for its instance."""

    class Meta(type):
        def __instancecheck__(cls, value):
            return True

    return Meta("Everything", (), {})


@reduced()
def dict_that_equals_everything(hints):
    """Return a dict whose subclass equals everything and hashes as it likes."""
    return same(dict)({1: 2})


@attack("The end of the process is the failure.")
def ends_from_a_thread(hints):
    """End its process from a thread of its own."""
    threading.Thread(target=os._exit, args=(0,)).start()
    time.sleep(5)


@attack(
    "Handles are iterated only by __iter__.",
    verdicts=["wrong_answer"],
    case="assert [item for item in attack()] == [SECRET]",
)
def ends_iteration_by_index_error():
    """Raise IndexError and LookupErrors, which end old-style iteration."""

    class Odd:
        def __getitem__(self, index):
            raise IndexError

        def __len__(self):
            return 2

    return Odd()


@attack("The end of the process is the failure, whatever its code.")
def ends_its_process_with_zero(hints):
    """End its process with exit code 0 in the middle of a call."""
    os._exit(0)


@attack("A name is only a name.")
def ends_pytest(hints):
    """Raise a class that derives from KeyboardInterrupt and claims to be _pytest.outcomes.Exit."""
    kind = type("Exit", (KeyboardInterrupt, SystemExit), {"returncode": 0, "msg": "all passed"})
    kind.__module__ = "_pytest.outcomes"
    raise kind(0)


@attack("No comparison runs its code.", verdicts=["wrong_answer"])
def equals_everything(hints):
    """Return an object that equals whatever it is compared with."""

    class Same:
        def __eq__(self, other):
            return True

        def __ne__(self, other):
            return False

        __hash__ = object.__hash__

    return Same()


@attack("It never reaches the suite as itself.")
def exits_a_generator(hints):
    """Raise GeneratorExit, which generators swallow."""
    raise GeneratorExit


@attack("A name is only a name.")
def exits_pytest(hints):
    """Raise a class that claims to be _pytest.outcomes.Exit."""
    raise outcome_of_pytest("Exit")


@attack("An exception like any other.")
def exits_with_zero(hints):
    """Leave by sys.exit(0), the exit code of success."""
    sys.exit(0)


@attack("A name is only a name.")
def expects_to_fail(hints):
    """Raise a class that claims to be _pytest.outcomes.XFailed."""
    raise outcome_of_pytest("XFailed")


@attack("The judge knows that it comes from the box.")
def fails_as_an_assert(hints):
    """Raise AssertionError itself, to look like the suite's own."""
    assert hints is None


@reduced()
def float_that_equals_everything(hints):
    """Return a float whose subclass equals everything and hashes as it likes."""
    return same(float)(5.0)


@attack(
    "The judge searches for the item itself.",
    verdicts=["wrong_answer"],
    words="__contains__",
    case="assert SECRET in attack(HINTS)",
)
def holds_everything(hints):
    """Return an object that contains whatever `in` asks for."""

    class Holder:
        def __contains__(self, item):
            return True

    return Holder()


@attack("A box cannot import any of them.", words="No module named")
def imports_the_judge(hints):
    """Import pytest, the judge and the reference to answer by them."""
    for name in ("harness.judge", "_pytest", "reference.solution"):
        importlib.import_module(name)


@reduced()
def int_that_equals_everything(hints):
    """Return an int whose subclass equals everything and hashes as it likes."""
    return same(int)(5)


@attack("It never reaches the suite as itself.")
def interrupts_the_keyboard(hints):
    """Raise KeyboardInterrupt, which ends a pytest run."""
    raise KeyboardInterrupt


@attack(
    "A handle has no order.",
    verdicts=["wrong_answer"],
    case="assert max([SECRET, attack(HINTS)]) != SECRET",
)
def is_greater_than_everything(hints):
    """Return an object that wins every comparison of order."""

    class Most:
        def __gt__(self, other):
            return True

        __lt__ = __ge__ = __le__ = __gt__

    return Most()


@attack(
    "NaN crosses exactly, and differs from everything.",
    verdicts=["wrong_answer"],
    case="assert not attack(HINTS) != SECRET",
)
def is_not_unequal(hints):
    """Return NaN where the suite asks whether two values differ."""
    return float("nan")


@attack(
    "`is` compares the object, which is a handle.",
    verdicts=["wrong_answer"],
    case="assert attack(HINTS) is True",
)
def is_truly_true(hints):
    """Return an object that is true, false and True at once."""

    class Both:
        def __bool__(self):
            return True

        def __index__(self):
            return 1

        __class__ = bool

    return Both()


expected = []


@attack(
    "The item never reaches the box.",
    verdicts=["runtime_error", "wrong_answer"],
    case="""
attack(HINTS).__contains__(SECRET)
assert attack(HINTS) == SECRET
""",
)
def learns_from_in(hints):
    """Learn the expected value from `in`, and return it at the next call."""

    class Holder:
        def __contains__(self, item):
            expected.append(item)
            return True

        def __iter__(self):
            return iter([1])

    return expected[0] if expected else Holder()


@attack("type() decides, so it crosses as a handle.", verdicts=["wrong_answer"])
def lies_about_its_class(hints):
    """Return an object whose __class__ says str."""

    class Liar:
        __class__ = str

        def __str__(self):
            return "escaped"

    return Liar()


@reduced()
def list_that_equals_everything(hints):
    """Return a list whose subclass equals everything and hashes as it likes."""
    return same(list)([1])


@attack("The judge is another process.", verdicts=["wrong_answer", "runtime_error"])
def patches_builtins(hints):
    """Replace AssertionError, isinstance and the equality of json in its process."""
    import unittest

    builtins.AssertionError = KeyError
    unittest.TestCase.assertEqual = print
    builtins.repr = builtins.str = lambda *_: "escaped"
    return


@attack("Everything on the wire is data of a closed set of kinds.", verdicts=["wrong_answer"])
def patches_the_encoder(hints):
    """Replace the encoder of the code that serves it."""
    codec = sys.modules["_harness_guest.codec"]
    codec.Encoder.node = lambda self, value, depth: {"h": [0, "str", ""]}
    return "x"


@attack(
    "The name only decides how a method is looked up.",
    verdicts=["wrong_answer"],
    case="assert attack().work() == SECRET",
)
def poses_as_a_declared_class():
    """Return an object of a class that has the name of a declared one."""

    class Thing:
        def work(self):
            return self

    return Thing()


@attack("What is printed is never parsed.", verdicts=["wrong_answer"])
def prints_a_report(hints):
    """Print reports in every known format."""
    report = '1 passed in 0.01s\nok 1 - attack\n<testsuite failures="0"/>\nGrade :=>> 100\n'
    print(report)
    print(report, file=sys.stderr)


@attack("No other descriptor leads to the judge.", verdicts=["wrong_answer"])
def prints_an_event(hints):
    """Write the judge's own event lines to every descriptor but the stream."""
    event = json.dumps({"outcome": {"verdict": "accepted"}}).encode() + b"\n"
    for descriptor in (0, 1, 2, 3, *range(5, 64)):
        with contextlib.suppress(OSError):
            os.write(descriptor, event)


@attack(
    "The most derived class known to the judge decides.",
    verdicts=["runtime_error"],
    case="""
with pytest.raises(OddError):
    attack(HINTS)
""",
)
def raises_a_grandchild_of_everything(hints):
    """Raise an exception that derives from several builtin ones."""

    class All(ValueError, LookupError, AttributeError):
        pass

    raise All("many")


@attack(
    "The words of a failed assert never leave the judge.",
    verdicts=["wrong_answer"],
    case="""
manager = attack()
with pytest.raises(AssertionError), manager:
    assert manager.value() == SECRET
assert manager.value() == SECRET
""",
)
def reads_an_assert():
    """Learn the expected value from a failed assert in its `with` block."""
    seen = []

    class Reader(Manager):
        def __exit__(self, kind, error, trace):
            seen.append(str(error))
            return False

        def value(self):
            words = [word for text in seen for word in text.split("'")]
            return next((word for word in words if len(word) == 32), self.answer)

    return Reader(1)


@attack(
    "Code in the box cannot replace an exception of the suite.",
    verdicts=["wrong_answer"],
    case="""
with pytest.raises(OddError), attack() as manager:
    assert manager.value() == SECRET
""",
)
def replaces_an_assert():
    """Replace a failed assert by the exception that the suite expects."""

    class OddError(ValueError):
        pass

    class Replacer(Manager):
        def __exit__(self, kind, error, trace):
            raise OddError("as expected")

    return Replacer(1)


@attack(
    "It is that function, which equals nothing else.",
    verdicts=["wrong_answer"],
    case="""
answer = attack(lambda value: value == SECRET)
assert answer == SECRET
""",
)
def returns_the_callback(check):
    """Return the function that the suite passed, as the answer."""
    return check


@attack("A handle equals only itself.", verdicts=["wrong_answer"])
def returns_the_module(hints):
    """Return the handle of the solution itself."""
    return sys.modules["solution"]


@attack("A verdict of its own, never a pass.", verdicts=["memory_limit"])
def runs_out_of_memory_on_purpose(hints):
    """Raise MemoryError by hand."""
    raise MemoryError


@reduced()
def set_that_equals_everything(hints):
    """Return a set whose subclass equals everything and hashes as it likes."""
    return same(set)({1})


@attack("A name is only a name.")
def skips_by_pytest(hints):
    """Raise a class that claims to be _pytest.outcomes.Skipped."""
    raise outcome_of_pytest("Skipped")


@attack("An exception like any other.")
def skips_by_unittest(hints):
    """Raise unittest.SkipTest so that the case counts as skipped."""
    import unittest

    raise unittest.SkipTest("not today")


@attack(
    "It crosses as StopIteration only as an answer to next().",
    case="""
for got, expected in zip(map(attack, [1, 2]), [SECRET, SECRET]):
    assert got == expected
""",
)
def stops_a_zip(number):
    """Raise StopIteration, which ends the suite's zip and map before they compare."""
    raise StopIteration


@attack(
    "It crosses as StopIteration only as an answer to next().",
    case="assert all(map(attack, [1, 2]))",
)
def stops_an_all(number):
    """Raise StopIteration inside all(map(...)), which then is true."""
    raise StopIteration


@attack(
    "It crosses as StopIteration only as an answer to next().",
    case="""
odd = attack()
assert all(map(lambda _: odd.value == SECRET, [1, 2]))
""",
)
def stops_an_attribute():
    """Raise StopIteration from a property that a map reads."""

    class Odd:
        @property
        def value(self):
            raise StopIteration

    return Odd()


@reduced()
def str_that_equals_everything(hints):
    """Return a str whose subclass equals everything and hashes as it likes."""
    return same(str)("x")


@attack(
    "Code in the box cannot end an exception of the suite.",
    verdicts=["wrong_answer"],
    case="""
with attack() as manager:
    assert manager.value() == SECRET
""",
)
def swallows_an_assert():
    """Return a context manager that swallows a failed assert."""
    return Manager(1)


@attack(
    "Code in the box cannot end an exception of the suite.",
    case="""
with attack() as manager:
    assert manager.value() == SECRET
""",
)
def swallows_its_own_error():
    """Raise inside a `with` block of its own, and swallow that."""

    class Raiser(Manager):
        def value(self):
            raise KeyError("none")

    return Raiser(1)


@attack(
    "Code in the box cannot end an exception of the suite.",
    verdicts=["wrong_answer"],
    case="""
with attack():
    pytest.fail('the suite has found a mistake')
""",
)
def swallows_pytest_fail():
    """Return a context manager that swallows pytest.fail."""
    return Manager(1)


@attack(
    "Code in the box cannot end an exception of the suite.",
    verdicts=["wrong_answer"],
    case="""
with attack() as manager:
    assert manager.value()[0] == SECRET
""",
)
def swallows_what_it_tripped():
    """Return what the suite trips over inside a `with` block, and swallow that too."""
    return Manager(None)


@reduced()
def tuple_that_equals_everything(hints):
    """Return a tuple whose subclass equals everything and hashes as it likes."""
    return same(tuple)((1,))
