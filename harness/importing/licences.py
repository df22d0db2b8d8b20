"""Which licence an exercise has: that of a file in its folder, or of the nearest one above."""

from __future__ import annotations

import re
from pathlib import Path

_NAME = re.compile(r"^(un)?licen[cs]e|^copying", re.IGNORECASE)
_KIND = frozenset({"", ".md", ".txt", ".rst"})
_HIGHEST = 8
_MARKS = {
    r"Apache License": "Apache-2.0",
    r"GNU AFFERO GENERAL PUBLIC": "AGPL-3.0-only",
    r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2": "LGPL-2.1-only",
    r"GNU LESSER GENERAL PUBLIC": "LGPL-3.0-only",
    r"GNU GENERAL PUBLIC LICENSE\s+Version 2": "GPL-2.0-only",
    r"GNU GENERAL PUBLIC LICENSE": "GPL-3.0-only",
    r"Mozilla Public License,? Version 2": "MPL-2.0",
    r"CC0 1\.0": "CC0-1.0",
    r"Attribution-NonCommercial-ShareAlike 4\.0": "CC-BY-NC-SA-4.0",
    r"Attribution-NonCommercial 4\.0": "CC-BY-NC-4.0",
    r"Attribution-ShareAlike 4\.0": "CC-BY-SA-4.0",
    r"Attribution 4\.0": "CC-BY-4.0",
    r"BSD 3-Clause": "BSD-3-Clause",
    r"BSD 2-Clause": "BSD-2-Clause",
    r"Neither the name of": "BSD-3-Clause",
    r"Redistribution and use in source and binary forms": "BSD-2-Clause",
    r"The Unlicense|free and unencumbered software": "Unlicense",
    r"ISC License|and/or distribute this software for any purpose": "ISC",
    r"MIT License|Permission is hereby granted, free of charge": "MIT",
}


def find_license(folder: Path) -> tuple[str, Path | None]:
    """Return the SPDX name of a licence, empty when unknown, and its file; None for none.

    Above ``folder``, the search ends at the top of a repository.
    """
    top = folder.resolve()
    for around in [top, *list(top.parents)[:_HIGHEST]]:
        try:
            paths = [p for p in sorted(around.iterdir()) if is_license(p.name) and p.is_file()]
            for path in (p for p in paths if p.suffix.lower() in _KIND):
                text = path.read_text(encoding="utf-8", errors="replace")
                return _name_of(text), path
        except OSError:
            break
        if (around / ".git").exists():
            break
    return "", None


def is_license(name: str) -> bool:
    """Whether a file of this name is a licence."""
    return _NAME.match(name) is not None


def _name_of(text: str) -> str:
    found = ((re.search(mark, text[:2500], re.IGNORECASE), n) for mark, n in _MARKS.items())
    return next((name for match, name in found if match), "")
