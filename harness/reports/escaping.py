"""The one escape for texts from outside."""

from __future__ import annotations

from harness.words import UNSHOWABLE


def escape_untrusted(text: str) -> str:
    r"""Return ``text`` with everything that is not plainly visible written as in ``\x1b``.

    The result cannot move the cursor, colour, rename the window, reorder or hide anything: of
    control characters it has only tab and newline, and it has no invisible format characters and no
    lone surrogates. Markup of rich needs no escape, because all text is drawn as plain
    ``rich.text.Text``.
    """
    return UNSHOWABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
