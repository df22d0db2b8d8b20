"""How names, numbers, times, verdicts and commands are written. Imports nothing of harness."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

_VERDICTS = {
    "accepted": "accepted",
    "wrong_answer": "wrong answer",
    "runtime_error": "error in your code",
    "time_limit": "took too long",
    "memory_limit": "took too much memory",
    "output_limit": "printed too much",
    "import_error": "cannot be imported",
    "skipped": "not run",
    "judge_error": "the judge failed",
}
_ENDS = {None: "open", "completed": "completed", "finished": "finished", "expired": "time up"}

UNSHOWABLE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and newline; ESC begins ANSI and OSC
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # invisible letters and marks
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"  # invisible format characters
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # among them all bidi controls
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ud800-\udfff"  # lone surrogates, which no terminal and no file can take
    "]"
)
"""Characters that are not plainly visible, or that control a terminal; tab and newline are not."""

SOON_SECONDS = 600
"""A clock is yellow from here on, and the watch says so."""
LAST_SECONDS = 120
"""The same in red."""


_COMPARISONS = {
    "==": "{}",
    "!=": "anything but {}",
    "<": "less than {}",
    "<=": "at most {}",
    ">": "more than {}",
    ">=": "at least {}",
}
_RAISED = " raised"


def expected_text(operator: str, value: str) -> str:
    """Return what a comparison with ``value`` expects: ``at least 3``."""
    operator = {"is": "==", "is not": "!="}.get(operator, operator)
    return _COMPARISONS.get(operator, "{}").format(value)


def shown_comparison(text: str) -> tuple[str, str]:
    """Return the operator and the value that ``expected_text`` made ``text`` of."""
    for operator, phrase in _COMPARISONS.items():
        words = phrase.removesuffix("{}")
        if words and text.startswith(words):
            return operator, text.removeprefix(words)
    return "==", text


def exceptions_text(names: Iterable[str]) -> str:
    """Return that one of some exceptions is expected: ``KeyError or TypeError raised``."""
    return " or ".join(names) + _RAISED


def shown_exceptions(text: str) -> list[str]:
    """Return the names that ``exceptions_text`` made ``text`` of; none for any other text."""
    names = text.removesuffix(_RAISED).split(" or ")
    return names if text.endswith(_RAISED) and all(map(str.isidentifier, names)) else []


def alike(name: str, names: Iterable[str]) -> list[str]:
    """Return those of ``names`` that may be meant by ``name``, the likeliest first.

    Names that begin with ``name`` come first, the shortest of them first.
    """
    import difflib

    folded = {_folded(candidate): candidate for candidate in sorted(names)}
    wanted = _folded(name)
    longer = [each for each in folded if len(wanted) >= 2 and each.startswith(wanted)]
    cutoff = 0.8 if longer else 0.6
    others = [each for each in folded if each not in longer]
    close = difflib.get_close_matches(wanted, others, n=1, cutoff=cutoff)
    return [folded[each] for each in (*sorted(longer, key=len), *close)]


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the one of ``names`` that is most likely meant by ``name``, or None."""
    return next(iter(alike(name, names)), None)


def did_you_mean(name: str, names: Iterable[str], before: str = "") -> str:
    """Return `` Did you mean start or status?``, to follow a sentence; empty without a guess.

    ``before`` is what all of them begin with, and does not make them alike.
    """
    bare = [each.removeprefix(before) for each in names]
    found = [f"{before}{each}" for each in alike(name.removeprefix(before), bare)]
    *first, last = found[:4] or [""]
    if not last:
        return ""
    return f" Did you mean {', '.join(first)} or {last}?" if first else f" Did you mean {last}?"


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_")


def quoted(argument: object) -> str:
    r"""Return ``argument``, such as a path, as it is typed in a shell: quoted where needed.

    A name that begins with a dash is not an option. What cannot be shown is written as in
    ``$'\n'``, which bash, zsh and ksh read.
    """
    text = str(argument)
    if text.startswith("-"):
        text = f"./{text}"
    if not UNSHOWABLE.search(text) and "\n" not in text and "\t" not in text:
        return shlex.quote(text)
    return "$'" + "".join(map(_in_quotes, text)) + "'"


def typed_text(arguments: Iterable[str]) -> str:
    """Return the arguments of a command as they are typed; options stay options."""
    return " ".join(shlex.quote(each) if each[:1] == "-" else quoted(each) for each in arguments)


def _in_quotes(character: str) -> str:
    if character in "\\'\n\t" or UNSHOWABLE.match(character):
        return "".join(f"\\x{byte:02x}" for byte in character.encode(errors="surrogateescape"))
    return character


def count_text(number: int, singular: str) -> str:
    """Return ``1 test run``, ``2 test runs``."""
    return f"{number} {singular}{'s' * (number != 1)}"


def ordinal_text(number: int) -> str:
    """Return ``1st``, ``2nd``, ``3rd``, ``4th`` …"""
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def clock_text(seconds: float) -> str:
    """Return a time as ``m:ss`` or ``h:mm:ss``, rounded down; negative times with a minus."""
    whole = int(abs(seconds))
    sign = "−" if seconds < 0 and whole else ""
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02}:{left:02}" if hours else f"{sign}{minutes}:{left:02}"


def remaining_text(seconds: float) -> str:
    """Return ``12:30 left``, or ``over by 0:03`` when the time limit has passed."""
    if seconds < 0:
        return f"over by {clock_text(-seconds)}"
    return f"{clock_text(seconds)} left"


def local_time(moment: datetime, zone: tzinfo | None = None) -> datetime:
    """Return ``moment`` in ``zone``, by default the system's; unchanged when TZ is not a zone."""
    try:
        return moment.astimezone(zone)
    except (ValueError, OverflowError, OSError):
        return moment


def duration_text(seconds: float) -> str:
    """Return a rounded length of time: ``45 s``, ``12 min``, ``1 h 00 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02} min"


def verdict_words(verdict: str) -> str:
    """Return a verdict in words."""
    return _VERDICTS[verdict]


def end_words(end: str | None) -> str:
    """Return how an attempt ended; ``open`` when it has not."""
    return _ENDS[end]


def sandbox_text(backend: str, tier: str) -> str:
    """Return the sandbox and its protection: ``linux (full)``, ``process (no protection)``."""
    protection = "no protection" if tier == "none" else tier
    return f"{backend} ({protection})" if tier else backend


def points_text(points: int, most: int) -> str:
    """Return ``1,050 of 2,000``."""
    return f"{points:,} of {most:,}"
