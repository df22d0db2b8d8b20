"""The container engine of this machine: finds it, builds our image, translates its failures."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import socket
import tarfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import harness
from harness.errors import SandboxError

ANSWER_SECONDS = 3.0
"""For the first word of an engine; one that hangs must not hold up ``auto``."""
WORK_SECONDS = 30.0
_SCHEME = "unix://"
_START = "sudo systemctl start docker  # or: systemctl --user start podman.socket"
REPOSITORY = "harness-box"
DEFAULT_BASE = "python:3.13-slim"
GUEST_FOLDER = "/opt/harness/guest"
"""Where the Dockerfile puts our code."""
BUILD = "harness sandbox build"
_BUILD_SECONDS = 600.0
_TAG_DIGITS = 12
_PROGRESS = ("Step", "STEP", "-->", "--->")
"""How lines of Docker and Podman begin that do not say why a build fails."""


@contextlib.contextmanager
def open_engine() -> Iterator[Any]:
    """Yield a ``docker.APIClient``; a failure in the body becomes a :class:`SandboxError`."""
    path = find_socket()
    with _in_our_words(path):
        import docker

        api = docker.APIClient(base_url=_SCHEME + path, version="auto", timeout=ANSWER_SECONDS)
        with contextlib.closing(api):
            api.timeout = WORK_SECONDS
            yield api


def find_socket() -> str:
    """Return the path of a socket that an engine listens at.

    It is that of DOCKER_HOST or of docker's context, else the first usual one that answers. Raises
    :class:`SandboxError` when there is none. Does not need the SDK, so that a machine without an
    engine never pays for it.
    """
    host = os.environ.get("DOCKER_HOST", "") or _host_of_context()
    if host and not host.startswith(_SCHEME):
        raise SandboxError(
            f"the docker sandbox needs an engine on this machine, and {host} is elsewhere",
            "unset DOCKER_HOST  # or: docker context use default",
        )
    paths = [host.removeprefix(_SCHEME)] if host else _usual_paths()
    refusals = []
    for path in paths:
        refusal = _refusal(path)
        if refusal is None:
            return path
        refusals.append(refusal)
    # An engine that refuses us says more than the absence of one at all the other places.
    forbidden = (each for each in refusals if isinstance(each, ForbiddenEngineError))
    raise next(forbidden, refusals[0])


class ForbiddenEngineError(SandboxError):
    """There is an engine, and this user has no access to it."""


def _refusal(path: str) -> SandboxError | None:
    with socket.socket(socket.AF_UNIX) as trial:
        trial.settimeout(ANSWER_SECONDS)
        try:
            trial.connect(path)
        except PermissionError:
            return ForbiddenEngineError(
                f"you may not use the container engine at {path}",
                "sudo usermod -aG docker $USER, then log in again",
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            return SandboxError(f"no container engine runs at {path} ({reason})", _START)
    return None


def _usual_paths() -> list[str]:
    mine = f"/run/user/{os.getuid()}"
    return [
        "/var/run/docker.sock",
        f"{mine}/docker.sock",
        f"{mine}/podman/podman.sock",
        "/run/podman/podman.sock",
    ]


def _host_of_context() -> str:
    """What ``docker context use`` has chosen; empty for the default."""
    folder = Path(os.environ.get("DOCKER_CONFIG") or os.path.expanduser("~/.docker"))
    try:
        name = os.environ.get("DOCKER_CONTEXT") or json.loads(
            (folder / "config.json").read_text()
        ).get("currentContext", "default")
        if name == "default":
            return ""
        digest = hashlib.sha256(name.encode()).hexdigest()
        meta = json.loads((folder / "contexts" / "meta" / digest / "meta.json").read_text())
        return str(meta["Endpoints"]["docker"]["Host"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""


@contextlib.contextmanager
def _in_our_words(path: str) -> Iterator[None]:
    import docker.errors
    import requests

    try:
        yield
    except requests.exceptions.Timeout:
        message = f"the container engine at {path} does not answer"
        raise SandboxError(message, "sudo systemctl restart docker") from None
    except docker.errors.APIError as error:
        raise _failed(path, error.explanation or error) from error
    except (docker.errors.DockerException, requests.exceptions.RequestException) as error:
        # The SDK wraps what stopped its very first question.
        if isinstance(error.__cause__, requests.exceptions.Timeout):
            message = f"the container engine at {path} does not answer"
            raise SandboxError(message, "sudo systemctl restart docker") from None
        raise _failed(path, error) from error


def _failed(path: str, reason: object) -> SandboxError:
    text = " ".join(str(reason).split())
    return SandboxError(f"the container engine at {path} failed: {text}")


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
) -> str:
    """Build the image on top of ``base`` and return its name; ``on_line`` gets the engine's lines.

    Raises :class:`SandboxError` with the engine's own words when that fails.
    """
    name = image_name()
    with open_engine() as api:
        _set_credentials(api, base, on_line)
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
        last, failure = "", None
        for answer in answers:  # to its end: the SDK closes the connection only then
            if "error" in answer:
                words = [last, " ".join(str(answer["error"]).split())]
                failure = failure or _not_built(base, ": ".join(filter(None, words)))
            line = " ".join(str(answer.get("stream") or "").split())
            if line:
                on_line(line)
                last = "" if line.startswith(_PROGRESS) else line
    if failure is not None:
        raise failure
    return name


def _set_credentials(api: Any, base: str, on_line: Callable[[str], None]) -> None:
    """Do without the credentials of docker's configuration if they cannot be had, or need not be.

    Only a base that the engine has to fetch can need them.
    """
    import docker.errors
    from docker.credentials import StoreError

    with contextlib.suppress(docker.errors.ImageNotFound):
        api.inspect_image(base)
        api._set_auth_headers = lambda headers: None  # the SDK has no public way
        return
    try:
        with warnings.catch_warnings(action="ignore"):
            api._set_auth_headers({})
    except (StoreError, docker.errors.DockerException) as error:
        on_line(f"Building without credentials: {error}")
        api._set_auth_headers = lambda headers: None


def _not_built(base: str, reason: str) -> SandboxError:
    return SandboxError(
        f"the image could not be built on {base}: {reason}",
        f"{BUILD} --base IMAGE  # one with Python 3.11 or newer; `docker images` lists yours",
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
