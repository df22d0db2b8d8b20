"""The one escape for texts from outside."""

from __future__ import annotations

import re

_DANGEROUS = re.compile(
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


def escape_untrusted(text: str) -> str:
    r"""Return ``text`` with everything that is not plainly visible written as in ``\x1b``.

    The result cannot move the cursor, colour, rename the window, reorder or hide anything: of
    control characters it has only tab and newline, and it has no invisible format characters and no
    lone surrogates. Markup of rich needs no escape, because all text is drawn as plain
    ``rich.text.Text``.
    """
    return _DANGEROUS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
