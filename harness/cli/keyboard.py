"""Turns what a terminal sends into keys. A paste is ignored: it must never submit.

Terminals are asked to put marks around a paste, which distinguishes it from keys that arrive
together, as from someone who types fast on a busy machine. Whether a terminal does so is known by
its name, and from its first marked paste on. From any other, text that arrives together counts as
pasted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from typing import Final

MARK_PASTES: Final = "\x1b[?2004h"
LEAVE_PASTES: Final = "\x1b[?2004l"
_BEGIN, _END = "\x1b[200~", "\x1b[201~"
_MARKING: Final = (
    *("xterm", "tmux", "rxvt-unicode", "alacritty", "kitty", "foot", "wezterm", "ghostty"),
    *("vte", "gnome", "konsole", "iterm", "mintty", "putty", "contour", "st-"),
)
"""What the names in TERM of terminals that mark a paste begin with."""
_TOKEN: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1bO.|\x1b[^\[O\x1b]|\x1b(?=\x1b)|[^\x1b]", re.S
)
_NAMES: Final = {
    "\x0c": "redraw",
    "\n": "enter",
    "\x7f": "backspace",
    "\x1b": "escape",
    **{
        f"\x1b{lead}{end}": name
        for lead in "[O"
        for end, name in (
            ("A", "up"),
            ("B", "down"),
            ("C", "right"),
            ("D", "left"),
            ("H", "home"),
            ("F", "end"),
        )
    },
    "\x1b[5~": "page up",
    "\x1b[6~": "page down",
    "\x1b[1~": "home",
    "\x1b[4~": "end",
}
"""What some keys send, and their names."""


def marks_pastes(environ: Mapping[str, str]) -> bool:
    """Return whether this terminal is known to mark a paste."""
    name = environ.get("TERM", "").lower()
    # GNU screen takes the marks away; tmux, which often calls itself "screen", passes them on.
    in_tmux = name.startswith("screen") and "TMUX" in environ and "STY" not in environ
    return in_tmux or name.startswith(_MARKING)


class Keyboard:
    """Reads keys from text that arrives in any pieces."""

    def __init__(self, *, marks_pastes: bool) -> None:
        self._marks_pastes = marks_pastes
        self._text = ""
        """What is not whole yet."""
        self._in_paste = False

    @property
    def is_waiting(self) -> bool:
        """Whether the beginning of an escape sequence is there, and its end is not."""
        return bool(self._text) and not self._in_paste

    def forget(self) -> None:
        """Forget what was begun: its end will not come."""
        self._text, self._in_paste = "", False

    def read(self, text: str) -> list[str]:
        """Return the keys in ``text``: characters and names. A key held down is one key."""
        self._text += text
        keys = []
        while (key := self._next()) is not None:
            keys.append(key)
        if not self._marks_pastes and len(set(keys)) > 1:
            return []
        return [key for key, _ in groupby(keys) if key]

    def read_rest(self) -> list[str]:
        """Return the key that the text was that is not whole: the rest does not come."""
        text, self._text = self._text, ""
        return ["escape"] if text == "\x1b" else []

    def _next(self) -> str | None:
        """Take the next key off the text; empty for what is none, None when nothing is whole."""
        if self._in_paste:
            _, end, rest = self._text.partition(_END)
            self._in_paste = not end
            self._text = rest if end else self._text[1 - len(_END) :]
            return "" if end else None
        token = _TOKEN.match(self._text)
        if token is None:
            return None
        self._text = self._text[token.end() :]
        if token[0] == _BEGIN:
            self._in_paste = self._marks_pastes = True
        return _NAMES.get(token[0], token[0] if token[0].isprintable() else "")
