"""The packs: the core pack, and those of the settings, of distributions and of plugins."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

import harness
from harness.catalog.content import is_junk
from harness.errors import PackError
from harness.model.frozen import frozen
from harness.plugins import PluginHost
from harness.settings import Settings

CORE = "core"
MAX_PROBLEMS = 1000
"""The limit for entries of ``problems/``."""


@frozen
class Pack:
    """A folder with ``problems/`` and ``solutions_template/`` side by side."""

    name: str
    path: Path

    def slugs(self) -> list[str]:
        """Return the names of the problem folders, sorted. Opens no file.

        Raises PackError when ``problems/`` cannot be listed.
        """
        folder = self.path / "problems"
        try:
            names = list(islice(folder.iterdir(), MAX_PROBLEMS + 1))
            entries = [e.name for e in names if not is_junk(e.name) and e.is_dir()]
        except OSError as error:
            raise PackError(
                f"The pack {self.path} cannot be used. {folder}: {error.strerror}.",
                "harness doctor  (lists the packs; a pack is a folder with problems/ and "
                "solutions_template/)",
            ) from None
        if len(names) > MAX_PROBLEMS:
            raise PackError(
                f"The pack {self.path} cannot be used. {folder} holds more than {MAX_PROBLEMS} "
                "files and folders.",
                "harness doctor  (lists the packs; move other files elsewhere)",
            )
        return sorted(entries)

    def problem_dir(self, slug: str) -> Path:
        """The folder that holds a problem's ``problem.toml``."""
        return self.path / "problems" / slug

    def template_dir(self, slug: str) -> Path:
        """The folder that holds a problem's skeleton."""
        return self.path / "solutions_template" / slug


def core_pack() -> Path:
    """Return the pack that comes with harness: in the installed package, or in the checkout.

    Raises PackError when it is missing.
    """
    package = Path(harness.__file__).resolve().parent
    for candidate in (package / "_pack", package.parent):
        if (candidate / "problems").is_dir() and (candidate / "solutions_template").is_dir():
            return candidate
    raise PackError(
        f"The problems of this installation are missing: {package / '_pack'}",
        "python -m pip install --force-reinstall progressive-harness",
    )


def find_packs(settings: Settings, plugins: PluginHost | None = None) -> list[Pack]:
    """Return all packs, the core pack first, each folder once.

    Raises PackError when the core pack is missing.
    """
    offers = [(CORE, core_pack()), *((folder.name, folder) for folder in settings.packs)]
    if plugins is not None:
        offers += plugins.installed_packs
        offers += [(folder.name, folder) for folder in plugins.packs()]
    packs: list[Pack] = []
    seen: set[Path] = set()
    for name, folder in offers:
        real = Path(os.path.realpath(folder))  # `resolve` fails on circular links
        if real in seen:
            continue
        seen.add(real)
        taken = name in {pack.name for pack in packs}
        packs.append(Pack(str(folder) if taken else name, folder))
    return packs
