"""Loads a problem from disk."""

from __future__ import annotations

import re
from pathlib import Path

from harness.catalog.content import read_content
from harness.catalog.flaws import RETRY, Flaw, file_flaw, pack_error
from harness.catalog.manifest_file import parse_manifest
from harness.catalog.seal import SEAL_NAME
from harness.errors import PackError, RequestError
from harness.model.judgement import Suite
from harness.model.manifest import Manifest
from harness.model.problem import Problem, Snapshot

MANIFEST_NAME = "problem.toml"

_LEVEL_FOLDER = re.compile(r"^problem/level(\d+)/")


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
            "harness author new SLUG  (writes an example)",
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
        path = _on_disk(name, root, template)
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


def _on_disk(name: str, root: Path, template: Path) -> Path:
    side, _, rest = name.partition("/")
    return (root if side == "problem" else template) / rest
