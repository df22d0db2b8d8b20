"""Builds a wheel of a pack, with an entry point of ``harness.packs``."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from harness.authoring.files import is_proven
from harness.catalog.catalog import Pack, load_problem
from harness.catalog.content import (
    MAX_FILE_BYTES,
    SEAL_NAME,
    Flaw,
    make_seal,
    pack_error,
    regular_files,
)
from harness.catalog.toml import toml_table
from harness.errors import PackError, RequestError
from harness.model.frozen import frozen
from harness.model.problem import Problem
from harness.plugins.host import PACK_GROUP

SEALED = "+sealed"
"""Local version segment of a sealed pack. With the same version as the open one, pip would not
replace the open one."""
INSTALL_HATCHLING = "python -m pip install 'progressive-harness[author]'"

_NAME = re.compile(r"^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$")
_VERSION = re.compile(r"^\d+(?:\.\d+)*$")
_INIT = '"""Problems for harness. It finds them without importing this."""\n'


@frozen(kw_only=True)
class Distribution:
    """A wheel that was built."""

    wheel: Path
    name: str
    version: str
    problems: tuple[str, ...]
    unproven: tuple[str, ...]
    """Problems without a proof, or with one of other files."""
    sealed: bool


def build_pack(
    folder: Path, into: Path, *, sealed: bool = False, name: str = "", version: str = ""
) -> Distribution:
    """Build the pack in ``folder`` as a wheel in the folder ``into``, and return what was built.

    ``sealed``: hidden suites, references and statements lie compressed in one file per problem.
    ``name``: by default that of the folder behind "harness-pack-". ``version``: by default the
    highest of the problems' versions; "+sealed" follows it in a sealed one, so that pip takes the
    one for the other. The problems are not checked.
    Raises PackError when a problem is broken, RequestError when there is nothing to build, a name
    or version cannot be used, or the tool that builds is not installed.
    """
    folder = folder.resolve()
    pack = Pack(folder.name, folder)
    slugs = pack.slugs()
    if not slugs:
        raise RequestError(
            f"There is no problem in {folder / 'problems'}.",
            "harness author import PATH  # or copy a problem into problems/",
        )
    problems = [load_problem(pack.problem_dir(s), pack.template_dir(s), pack.name) for s in slugs]
    name = name or "harness-pack-" + re.sub(r"[^a-z0-9]+", "-", folder.name.lower()).strip("-")
    versions = [problem.manifest.version for problem in problems]
    version = version or max(versions, key=lambda each: [int(part) for part in each.split(".")])
    if not _NAME.match(name):
        text = f"'{name}' cannot be the name of a distribution: letters, digits, '-', '_' and '.'."
        raise RequestError(text, "harness author pack --name my-problems")
    if not _VERSION.match(version):
        text = f"'{version}' cannot be a version: numbers with dots between."
        raise RequestError(text, "harness author pack --version 1.0.0")
    version += SEALED * sealed
    package = re.sub(r"[-_.]+", "_", name).lower()
    with tempfile.TemporaryDirectory(prefix="harness-pack-") as temporary:
        root = Path(temporary)
        inside = root / package
        for problem in problems:
            _stage(problem, inside, sealed=sealed)
        (inside / "__init__.py").write_text(_INIT, encoding="utf-8")
        (root / "pyproject.toml").write_text(
            _project(name, version, package, problems), encoding="utf-8"
        )
        wheel = _build(root, into)
    return Distribution(
        wheel=wheel,
        name=name,
        version=version,
        problems=tuple(problem.slug for problem in problems),
        unproven=tuple(problem.slug for problem in problems if not is_proven(problem)),
        sealed=sealed,
    )


def _project(name: str, version: str, package: str, problems: list[Problem]) -> str:
    titles = ", ".join(problem.manifest.title for problem in problems)
    project = {
        "name": name,
        "version": version,
        "description": f"Problems for harness: {titles}"[:500],
        "requires-python": ">=3.11",
    }
    tables: dict[str, Mapping[str, object]] = {
        "build-system": {"requires": ["hatchling"], "build-backend": "hatchling.build"},
        "project": project,
        f'project.entry-points."{PACK_GROUP}"': {package: package},
        "tool.hatch.build": {"ignore-vcs": True},
        "tool.hatch.build.targets.wheel": {"packages": [package]},
    }
    return "\n".join(toml_table(f"[{name}]", keys) for name, keys in tables.items())


def _stage(problem: Problem, inside: Path, *, sealed: bool) -> None:
    """Write a problem as the wheel holds it, and verify that it loads as the same."""
    root = inside / "problems" / problem.slug
    template = inside / "solutions_template" / problem.slug
    _copy(problem.template, template)
    if sealed:
        seal = make_seal(problem.content.below("problem/").files)
        if len(seal) > MAX_FILE_BYTES:
            text = f"{problem.root} is too large to be sealed: {len(seal):,} bytes, compressed."
            raise PackError(f"{text} At most {MAX_FILE_BYTES:,} may be.", "harness author pack")
        root.mkdir(parents=True)
        (root / SEAL_NAME).write_bytes(seal)
    else:
        _copy(problem.root, root)
    if load_problem(root, template, problem.pack).content_hash != problem.content_hash:
        text = f"{problem.root} was changed while it was being packed."
        raise PackError(text, "Type the same command again")


def _copy(folder: Path, into: Path) -> None:
    """Copy the files that a pack may hold. Raises PackError when others lie there."""
    flaws: list[Flaw] = []
    for name, path in regular_files(folder, flaws):
        copy = into / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    if flaws:
        raise pack_error(folder, flaws)


def _build(root: Path, into: Path) -> Path:
    try:
        from hatchling.builders.wheel import WheelBuilder
    except ImportError:
        text = "Building a distribution needs hatchling, which is not installed."
        raise RequestError(text, INSTALL_HATCHLING) from None
    try:
        into.mkdir(parents=True, exist_ok=True)
        (wheel,) = WheelBuilder(str(root)).build(directory=str(into))
    except OSError as error:
        text = f"Cannot write to {into}: {error.strerror}."
        raise RequestError(text, "harness author pack --into FOLDER") from None
    return Path(wheel)
