"""Exceptions that are hard to send, to rebuild or to show."""

import os

from marks import attack


@attack("Unreadable attributes are left out.")
def attribute_that_exits(hints):
    """Raise an exception whose properties raise SystemExit."""

    class Bad(Exception):
        @property
        def path(self):
            raise SystemExit(0)

        args = path

    raise Bad


@attack("They are rebuilt, or reported in other words.")
def bad_arguments_of_a_builtin(hints):
    """Raise builtin exceptions with arguments that break printing them."""
    error = UnicodeDecodeError("a", b"b", 0, 1, "c")
    error.args = (1, 2, 3)
    error.start = -(10**9)
    raise error


@attack(
    "It never reaches the suite as itself.",
    case="""
import asyncio
async def wait():
    with contextlib.suppress(asyncio.CancelledError):
        return await attack(HINTS)
    return ESCAPED
import contextlib
assert asyncio.run(wait()) == ESCAPED
""",
)
def cancels_the_suite(hints):
    """Raise inside `await` what cancels a task of the suite, or ends its loop."""
    import asyncio

    class Never:
        def __await__(self):
            raise asyncio.CancelledError
            yield

    return Never()


@attack("Causes do not cross.")
def cause_in_a_circle(hints):
    """Raise two exceptions that are each other's cause."""
    first, second = ValueError(1), KeyError(2)
    first.__cause__, second.__cause__ = second, first
    first.__context__, second.__context__ = second, first
    raise first


@attack(
    "A group crosses as an exception of an unknown type.", verdicts=["runtime_error", "time_limit"]
)
def group_of_groups(hints):
    """Raise exception groups nested a thousand deep."""
    error = ValueError(1)
    for _ in range(1000):
        error = ExceptionGroup("group", [error])
    raise error


@attack("Only a dozen cross.")
def hundred_ancestors(hints):
    """Raise an exception with a hundred ancestors."""
    kind = Exception
    for number in range(100):
        kind = type(f"E{number}", (kind,), {})
    raise kind("x")


@attack("Texts are kept raw, and escaped where they are shown.")
def message_clears_the_screen(hints):
    """Raise an exception that would repaint a terminal."""
    raise ValueError("\x1b[2J\r\b\u202e[green]passed[/green]</testcase>=cmd()")


@attack("The end of the process is the failure.")
def message_ends_the_process(hints):
    """Raise an exception whose message ends the process."""

    class Bad(Exception):
        def __str__(self):
            os._exit(0)

    raise Bad


@attack("The exception is reported in other words.")
def message_is_no_text(hints):
    """Raise an exception whose __str__ returns a number."""

    class Bad(Exception):
        def __str__(self):
            return 5

    raise Bad


@attack("The case's deadline ends it.", verdicts=["time_limit"])
def message_never_ends(hints):
    """Raise an exception whose message never ends."""

    class Bad(Exception):
        def __str__(self):
            while True:
                pass

    raise Bad


@attack("It is truncated.", verdicts=["runtime_error", "time_limit"])
def message_of_megabytes(hints):
    """Raise an exception with ten megabytes of text."""
    raise ValueError("x" * 10_000_000)


@attack("It is shown escaped.")
def message_of_surrogates(hints):
    """Raise an exception whose text cannot be encoded."""
    raise ValueError("\ud800\udfff")


@attack("The exception is reported in other words.")
def message_raises(hints):
    """Raise an exception whose message raises."""

    class Bad(Exception):
        def __str__(self):
            raise SystemExit

        __repr__ = __str__

    raise Bad


@attack("The exception is reported in other words.")
def metaclass_lies(hints):
    """Raise an exception whose class lies about its ancestors."""

    class Meta(type):
        @property
        def __mro__(cls):
            return ()

        @property
        def __name__(cls):
            raise SystemExit

    class Bad(Exception, metaclass=Meta):
        pass

    raise Bad


@attack("A name is only a name.")
def name_of_another(hints):
    """Raise an exception whose class is named like a case outcome."""
    raise type("accepted", (Exception,), {"__module__": "\n1 passed"})("")


@attack("It is truncated.", verdicts=["runtime_error", "time_limit"])
def name_of_megabytes(hints):
    """Raise an exception whose class has a name of a megabyte."""
    raise type("E" * 1_000_000, (Exception,), {})("x")


@attack("It is a TypeError, as in Python.", words="must derive from BaseException")
def not_an_exception(hints):
    """Raise something that is not an exception."""
    raise 5


@attack("None of them crosses.")
def notes_and_causes(hints):
    """Raise an exception whose notes, cause and context end the process when printed."""

    class Deadly(Exception):
        def __str__(self):
            os._exit(0)

    try:
        raise Deadly
    except Deadly as context:
        error = ValueError("x")
        error.__notes__ = [context, "a note", 1]
        error.__cause__ = SystemExit(context)
        error.__suppress_context__ = False
        raise error from context


@attack("The exception is reported in other words.", verdicts=["runtime_error", "time_limit"])
def number_too_long_to_print(hints):
    """Raise an exception that holds an integer Python refuses to print."""
    raise ValueError(10**100_000)


@attack("Reports name only files of the submission.")
def place_of_another_file(hints):
    """Raise from code that claims to be in the hidden suite."""
    exec(compile("1 / 0", hints["suite"], "exec"))


@attack(
    "They are rebuilt without it: printing them would read there.",
    case="""
for number in range(3):
    with pytest.raises(UnicodeError) as caught:
        attack(number)
    assert str(caught.value) == ''
    assert caught.value.start == 0
attack(3)
""",
)
def place_outside_of_its_text(number):
    """Raise encoding errors that name a place far outside their text."""
    far = -(2**40)
    if number == 1:
        error = UnicodeEncodeError("a", "b", 0, 1, "c")
    elif number == 2:
        error = UnicodeTranslateError("b", 0, 1, "c")
    else:
        error = UnicodeDecodeError("a", b"b", 0, 1, "c")
    error.args = (*error.args[:-3], far, far + 1, "c")
    raise error


NAME = "E\n\n1 passed\n"


@attack("A name is shown on one line.", words="E\\n\\n1 passed\\n")
def several_lines_for_a_name(hints):
    """Raise an exception whose class and function have names of several lines, as a fake report."""
    raise type(NAME, (ValueError,), {})("x")


several_lines_for_a_name.__code__ = several_lines_for_a_name.__code__.replace(co_name=NAME)


@attack("It is rebuilt without it.")
def syntax_error_by_hand(hints):
    """Raise a syntax error whose place cannot be printed."""
    raise SyntaxError("bad", (hints["suite"], -5, [], {}))


@attack("Only a dozen cross.", verdicts=["runtime_error", "time_limit"])
def thousand_attributes(hints):
    """Raise an exception with ten thousand attributes."""
    error = ValueError("x")
    for number in range(10_000):
        setattr(error, f"a{number}", number)
    raise error
