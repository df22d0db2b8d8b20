"""The packs, and the problems in them, read no earlier than needed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import harness
from harness.catalog.content import (
    MANIFEST_NAME,
    RETRY,
    SEAL_NAME,
    Flaw,
    file_flaw,
    is_junk,
    pack_error,
    read_content,
)
from harness.catalog.manifest_file import parse_manifest
from harness.errors import PackError, RequestError
from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.manifest import Manifest
from harness.model.problem import BrokenProblem, Problem, Snapshot
from harness.plugins import PluginHost
from harness.settings import Settings
from harness.words import alike, did_you_mean

CORE = "core"
MAX_PROBLEMS = 1000
"""The limit for entries of ``problems/``."""

_LEVEL_FOLDER = re.compile(r"^problem/level(\d+)/")


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
                "harness doctor  # lists the packs; a pack is a folder with problems/ and "
                "solutions_template/",
            ) from None
        if len(names) > MAX_PROBLEMS:
            raise PackError(
                f"The pack {self.path} cannot be used. {folder} holds more than {MAX_PROBLEMS} "
                "files and folders.",
                "harness doctor  # lists the packs; move other files elsewhere",
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


def load_problem(root: Path, template: Path, pack: str) -> Problem:
    """Load the problem in folder ``root`` whose skeleton lies in folder ``template``.

    Raises PackError that names all flaws at once: file, line, key and what was expected.
    """
    if not root.is_dir():
        raise PackError(f"There is no folder {root}.", RETRY)
    flaws: list[Flaw] = []
    content = read_content(root, template, flaws)
    manifest_path = root / MANIFEST_NAME
    manifest = None
    if f"problem/{MANIFEST_NAME}" in content.files:
        text = content.files[f"problem/{MANIFEST_NAME}"].decode()
        manifest = parse_manifest(manifest_path, text, flaws)
    elif not any(flaw.path in (root, manifest_path) for flaw in flaws):
        flaws.append(file_flaw(manifest_path, "is missing. Every problem has one."))
    if manifest is not None:
        flaws += _missing_parts(manifest, content, root, template, flaws)
    if manifest is None or flaws:
        raise pack_error(root, flaws)
    if manifest.slug != root.name:
        text = f'slug is "{manifest.slug}", but the name of the folder is "{root.name}".'
        raise pack_error(root, [Flaw(manifest_path, text)])
    return Problem(
        manifest=manifest,
        root=root,
        template=template,
        content=content,
        pack=pack,
        sealed=(root / SEAL_NAME).is_file(),
    )


def load_problem_at(folder: Path) -> Problem:
    """Load the problem in ``folder``, whose pack need not be in the settings.

    Raises RequestError when it is not in ``problems/`` of a pack, PackError when it is broken.
    """
    root = folder.resolve()
    if not root.is_dir():
        raise RequestError(f"There is no folder {root}.", "harness list")
    if root.parent.name != "problems":
        raise RequestError(
            f"{root} is not in a pack: a pack has the folders problems/, with the problems, and "
            "solutions_template/.",
            "harness author new SLUG  # writes an example",
        )
    pack = root.parent.parent
    return load_problem(root, pack / "solutions_template" / root.name, pack.name)


def _missing_parts(
    manifest: Manifest, content: Snapshot, root: Path, template: Path, known: list[Flaw]
) -> list[Flaw]:
    """Return a flaw for each missing or empty file, and for folders of unknown levels."""
    module = f"{manifest.module}.py"
    wanted = {"problem/editorial.md", f"template/{module}"}
    for level in range(1, len(manifest.levels) + 1):
        wanted |= {f"problem/level{level}/test_{suite.value}.py" for suite in Suite}
        wanted |= {f"problem/level{level}/statement.md", f"problem/reference/level{level}/{module}"}
    reported = {flaw.path for flaw in known}
    found = []
    for name in sorted(wanted):
        side, _, rest = name.partition("/")
        path = (root if side == "problem" else template) / rest
        if reported & {path, *path.parents} - {root}:
            continue
        if name not in content.files:
            found.append(file_flaw(path, "is missing."))
        elif not content.files[name].strip():
            found.append(file_flaw(path, "is empty."))
    strays = {int(m[1]) for name in content.files if (m := _LEVEL_FOLDER.match(name))}
    for level in sorted(strays - set(range(1, len(manifest.levels) + 1))):
        text = f"has no [[levels]] table: {MANIFEST_NAME} has {len(manifest.levels)} of them."
        found.append(file_flaw(root / f"level{level}", text))
    return found


class Catalog:
    """Finds problems by name. Reads nothing until asked, and ``problem`` reads one problem only."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = tuple(packs)

    @classmethod
    def discover(cls, settings: Settings, plugins: PluginHost | None = None) -> Catalog:
        """Return the catalog of the core pack, of the packs in the settings, and of plugins' packs.

        Raises PackError when the core pack is missing.
        """
        return cls(find_packs(settings, plugins))

    def slugs(self) -> list[str]:
        """Return the names of all problems, broken ones included, sorted. Opens no file.

        Raises PackError when a pack's folder cannot be listed.
        """
        return sorted(self._homes())

    def problems(self) -> list[Problem | BrokenProblem]:
        """Load all problems, sorted by name. A broken one does not hide the others.

        Raises PackError when a pack's folder cannot be listed.
        """
        found: list[Problem | BrokenProblem] = []
        for slug, packs in sorted(self._homes().items()):
            try:
                found.append(_load(slug, packs))
            except PackError as error:
                found.append(BrokenProblem(slug, packs[0].name, error))
        return found

    def knows(self, slug: str) -> bool:
        """Return whether a pack has a problem of this name, as ``problem`` accepts it.

        Raises PackError when a pack's folder cannot be listed.
        """
        return _folded(slug) in self._homes()

    def problem(self, slug: str) -> Problem:
        """Load one problem. Capitals count as small letters, dashes and spaces as underscores.

        Raises RequestError with the nearest name when no pack has it, PackError when it is broken
        or two packs have it.
        """
        homes = self._homes()
        wanted = _folded(slug)
        if wanted in homes:
            return _load(wanted, homes[wanted])
        raise _unknown(slug, homes)

    def meant(self, slug: str) -> str:
        """Return the only problem that ``slug`` can mean, misspelt or cut off as it may be.

        Raises RequestError, with the nearest names, when there is none or more than one.
        """
        homes = self._homes()
        wanted = _folded(slug)
        found = [wanted] if wanted in homes else alike(wanted, homes)
        if len(found) != 1:
            raise _unknown(slug, homes)
        return found[0]

    def _homes(self) -> dict[str, list[Pack]]:
        """Return the packs that have each problem."""
        homes: dict[str, list[Pack]] = {}
        for pack in self.packs:
            for slug in pack.slugs():
                homes.setdefault(slug, []).append(pack)
        return homes


def _unknown(slug: str, homes: Iterable[str]) -> RequestError:
    meant = did_you_mean(_folded(slug), homes)
    return RequestError(f"There is no problem '{slug}'.{meant}", "harness list")


def _folded(slug: str) -> str:
    return slug.strip().casefold().replace("-", "_").replace(" ", "_")


def _load(slug: str, packs: Sequence[Pack]) -> Problem:
    """Load a problem from the only pack that has it."""
    if len(packs) > 1:
        places = " and ".join(str(pack.problem_dir(slug)) for pack in packs)
        raise PackError(
            f"More than one pack has a problem '{slug}': {places}.",
            "harness doctor  # lists the packs; rename one problem, or remove its pack",
        )
    pack = packs[0]
    return load_problem(pack.problem_dir(slug), pack.template_dir(slug), pack.name)
