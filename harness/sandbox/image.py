"""The image that the docker backend's containers are made of: its name, and how it is built."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import harness
from harness.errors import SandboxError
from harness.sandbox.engine import open_engine

REPOSITORY = "harness-box"
DEFAULT_BASE = "python:3.13-slim"
GUEST_FOLDER = "/opt/harness/guest"
"""Where the Dockerfile puts our code."""
BUILD = "harness sandbox build"
_BUILD_SECONDS = 600.0
_TAG_DIGITS = 12
_PROGRESS = ("Step", "STEP", "-->", "--->")
"""How lines of Docker and Podman begin that do not say why a build fails."""


def dockerfile() -> Path:
    """Return the Dockerfile of this installation: in a checkout at the top, else in the package.

    Raises :class:`SandboxError` when it is missing.
    """
    package = Path(harness.__file__).resolve().parent
    for candidate in (package / "_image" / "Dockerfile", package.parent / "Dockerfile"):
        if candidate.is_file():
            return candidate
    raise SandboxError(
        f"the Dockerfile that belongs to this installation is missing: {package / '_image'}",
        "pip install --force-reinstall progressive-harness",
    )


def image_name(repository: str = REPOSITORY) -> str:
    """Return the name of the image that fits this installation, made from what goes into it."""
    digest = hashlib.sha256()
    for name, data in _contents().items():
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return f"{repository}:{digest.hexdigest()[:_TAG_DIGITS]}"


def find_image(api: Any, repository: str = REPOSITORY) -> str:
    """Return the name of the fitting image, if the engine has it.

    Raises :class:`SandboxError` when it was not built yet, or for another version of harness.
    """
    import docker.errors

    name = image_name(repository)
    try:
        api.inspect_image(name)
    except docker.errors.ImageNotFound:
        built = api.images(name=repository, quiet=True)
        state = "is out of date" if built else "was not built yet"
        raise SandboxError(f"the image {name} {state}", BUILD) from None
    return name


def build_image(
    base: str = DEFAULT_BASE,
    on_line: Callable[[str], None] = lambda line: None,
    *,
    host: str = "",
    repository: str = REPOSITORY,
) -> str:
    """Build the image on top of ``base`` and return its name; ``on_line`` gets the engine's lines.

    Raises :class:`SandboxError` with the engine's own words when that fails.
    """
    name = image_name(repository)
    with open_engine(host) as api:
        answers = api.build(
            fileobj=io.BytesIO(_archive()),
            custom_context=True,
            tag=name,
            buildargs={"BASE": base},
            network_mode="none",
            rm=True,
            forcerm=True,
            decode=True,
            timeout=_BUILD_SECONDS,
        )
        last = ""
        for answer in answers:
            if "error" in answer:
                words = [last, " ".join(str(answer["error"]).split())]
                raise _not_built(base, ": ".join(filter(None, words)))
            line = " ".join(str(answer.get("stream") or "").split())
            if line:
                on_line(line)
                last = "" if line.startswith(_PROGRESS) else line
    return name


def _not_built(base: str, reason: str) -> SandboxError:
    return SandboxError(
        f"the image could not be built on {base}: {reason}",
        f"{BUILD} --base IMAGE  (one with Python 3.11 or newer; `docker images` lists yours)",
    )


def _contents() -> dict[str, bytes]:
    """The Dockerfile and what it copies, by the path that it calls it."""
    guest = Path(harness.__file__).resolve().parent / "guest"
    files = {f"harness/guest/{file.name}": file.read_bytes() for file in guest.glob("*.py")}
    return {"Dockerfile": dockerfile().read_bytes(), **dict(sorted(files.items()))}


def _archive() -> bytes:
    """The build context, the same bytes for the same contents, so that layers are found again."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in _contents().items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()
