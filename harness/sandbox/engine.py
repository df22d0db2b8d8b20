"""Finds a container engine on this machine, and translates its failures."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.errors import SandboxError

ANSWER_SECONDS = 3.0
"""For the first word of an engine; one that hangs must not hold up ``auto``."""
WORK_SECONDS = 30.0
_SCHEME = "unix://"
_START = "sudo systemctl start docker  (or: systemctl --user start podman.socket)"


@contextlib.contextmanager
def open_engine(host: str = "") -> Iterator[Any]:
    """Yield a ``docker.APIClient``; a failure in the body becomes a :class:`SandboxError`.

    ``host``: the engine's address; else the first that answers of those that are usual.
    """
    path = find_socket(host)
    with _in_our_words(path):
        import docker

        api = docker.APIClient(base_url=_SCHEME + path, version="auto", timeout=ANSWER_SECONDS)
        with contextlib.closing(api):
            api.timeout = WORK_SECONDS
            yield api


def find_socket(host: str = "") -> str:
    """Return the path of a socket that an engine listens at.

    Raises :class:`SandboxError` when there is none. Does not need the SDK, so that a machine
    without an engine never pays for it.
    """
    host = host or os.environ.get("DOCKER_HOST", "") or _host_of_context()
    if host and not host.startswith(_SCHEME):
        raise SandboxError(
            f"the docker sandbox needs an engine on this machine, and {host} is elsewhere",
            "unset DOCKER_HOST  (or: docker context use default)",
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
