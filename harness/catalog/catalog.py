"""All problems of all packs, read no earlier than needed."""

from __future__ import annotations

from collections.abc import Sequence

from harness.catalog.loading import load_problem
from harness.catalog.packs import Pack, find_packs
from harness.errors import PackError, RequestError
from harness.model.problem import BrokenProblem, Problem
from harness.plugins import PluginHost
from harness.settings import Settings
from harness.words import nearest


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
        meant = nearest(wanted, homes)
        raise RequestError(
            f"There is no problem '{slug}'." + (f" Did you mean {meant}?" if meant else ""),
            "harness list",
        )

    def _homes(self) -> dict[str, list[Pack]]:
        """Return the packs that have each problem."""
        homes: dict[str, list[Pack]] = {}
        for pack in self.packs:
            for slug in pack.slugs():
                homes.setdefault(slug, []).append(pack)
        return homes


def _folded(slug: str) -> str:
    return slug.strip().casefold().replace("-", "_").replace(" ", "_")


def _load(slug: str, packs: Sequence[Pack]) -> Problem:
    """Load a problem from the only pack that has it."""
    if len(packs) > 1:
        places = " and ".join(str(pack.problem_dir(slug)) for pack in packs)
        raise PackError(
            f"More than one pack has a problem '{slug}': {places}.",
            "harness doctor  (lists the packs; rename one problem, or remove its pack)",
        )
    pack = packs[0]
    return load_problem(pack.problem_dir(slug), pack.template_dir(slug), pack.name)
