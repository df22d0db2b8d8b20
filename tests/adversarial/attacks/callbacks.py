"""Abuse of the functions that a suite passes to the solution."""

import contextlib
import threading

from marks import attack


@attack(
    "It waits for a call that never comes.",
    verdicts=["wrong_answer"],
    case="""
seen = []
attack(seen.append)
assert seen == [ESCAPED]
""",
)
def calls_after_the_case(function):
    """Keep the suite's function, and call it when the case has seen that it was not called."""
    threading.Timer(0.02, function, ["escaped"]).start()


@attack(
    "The case's deadline ends it.",
    verdicts=["time_limit", "runtime_error"],
    case="assert attack(lambda value: value) == SECRET",
)
def calls_from_many_threads(function):
    """Call back from a hundred threads at once, and never return."""
    for _ in range(100):
        threading.Thread(target=lambda: [function(1) for _ in range(10**6)], daemon=True).start()
    threading.Event().wait()


@attack(
    "The words of a failed assert never leave the judge.",
    verdicts=["wrong_answer"],
    case="""
def check(value):
    assert value == SECRET

assert attack(check) == ESCAPED
""",
)
def reads_a_checks_words(check):
    """Read the expected value from the words of a failed check."""
    try:
        check(1)
    except BaseException as error:
        return "escaped" if len(str(error)) > 20 else None


@attack(
    "Callbacks nest up to a bound.",
    verdicts=["runtime_error", "time_limit"],
    case="""
def again():
    return attack(again)

assert attack(again) == SECRET
""",
)
def recursion(function):
    """Call back inside the call that the callback makes, and so on."""
    return function()


@attack(
    "Callbacks nest up to a bound.",
    verdicts=["runtime_error", "time_limit"],
    case="""
thing = attack(lambda: len(thing))
assert len(thing) == 1
""",
)
def recursion_through_length(ask):
    """Call back from a length, which the callback asks for again, and so on."""

    class Thing:
        def __len__(self):
            return ask()

    return Thing()


@attack(
    "They reach the function as Python allows, and it rejects them.",
    words="does not take these arguments",
    case="assert attack(lambda value: SECRET) == SECRET",
)
def sends_names_as_keywords(function):
    """Call back with keywords that are not names."""
    return function(**{"self": 1, "class": 2, "": 3})


@attack(
    "The call fails: such a value cannot be sent.",
    case="assert attack(lambda value: SECRET) == SECRET",
)
def sends_what_cannot_be_sent(function):
    """Call back with a list that contains itself."""
    loop = []
    loop.append(loop)
    return function(loop)


@attack(
    "The case's deadline ends it.",
    verdicts=["time_limit"],
    case="assert attack(lambda value: value) == SECRET",
)
def storm(function):
    """Call the suite's function endlessly."""
    while True:
        function(1)


@attack(
    "Unread calls end with the box.",
    verdicts=["wrong_answer", "time_limit"],
    case="""
seen = []
attack(seen.append)
assert attack(seen.append) in (ESCAPED, SECRET)
""",
)
def storm_at_the_end(call):
    """Call back endlessly from threads while the case ends."""

    def storm():
        while True:
            call("escaped")

    for _ in range(8):
        threading.Thread(target=storm, daemon=True).start()


@attack(
    "A check that failed in a callback fails the case, whatever follows.",
    verdicts=["wrong_answer"],
    case="""
def check(value):
    assert value == SECRET

attack(check)
""",
)
def swallows_a_check(check):
    """Swallow what the suite's function raises when it fails."""
    with contextlib.suppress(BaseException):
        check(1)


@attack(
    "It ends the case at once.",
    verdicts=["wrong_answer"],
    case="""
def check(value):
    pytest.fail('the suite has found a mistake')

attack(check)
""",
)
def swallows_pytest_fail_inside(check):
    """Swallow pytest.fail inside the suite's function."""
    with contextlib.suppress(BaseException):
        check(1)


@attack(
    "The box holds only a number.",
    words="no attribute '__globals__'",
    case="assert attack(lambda value: SECRET) == SECRET",
)
def takes_a_function_apart(function):
    """Ask the suite's function for its globals, closure and code."""
    return function.__globals__["SECRET"]


@attack(
    "Only a name and a text cross; the frames belong to the box.",
    verdicts=["wrong_answer"],
    case="""
def function(value):
    hidden_local = SECRET
    raise ValueError(len(hidden_local))

assert attack(function) == ESCAPED
""",
)
def walks_a_checks_traceback(function):
    """Walk the frames of what the suite's function raised."""
    try:
        function(1)
    except Exception as error:
        step = error.__traceback__
        while step is not None:
            if "hidden_local" in step.tb_frame.f_locals:
                return "escaped"
            step = step.tb_next
    return None
