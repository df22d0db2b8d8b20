"""Which engine is found, and what is told of one that is absent, refuses, hangs or babbles."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import harness
from harness.errors import SandboxError
from harness.sandbox import engine
from harness.sandbox.docker import DockerBackend

NOBODY = 65534


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a short path, and no engine in the environment."""
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(name, raising=False)
    with tempfile.TemporaryDirectory(prefix="he", dir="/tmp") as path:
        Path(path).chmod(0o755)
        monkeypatch.setenv("DOCKER_CONFIG", path)
        monkeypatch.setattr(engine, "_usual_paths", lambda: [f"{path}/docker", f"{path}/podman"])
        yield Path(path)


@contextlib.contextmanager
def listening(path: Path, answer: bytes = b"") -> Iterator[None]:
    """An engine that says ``answer`` to everybody, whatever they ask; by default nothing."""

    def serve() -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            while True:
                connection = stack.enter_context(server.accept()[0])
                if answer and connection.recv(1 << 16):
                    connection.sendall(answer)
                    connection.shutdown(socket.SHUT_RDWR)

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        yield
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def refusal() -> SandboxError:
    with pytest.raises(SandboxError) as refused, engine.open_engine():
        pass
    return refused.value


def test_the_first_that_answers_is_taken(folder):
    with listening(folder / "podman"):
        assert engine.find_socket() == f"{folder}/podman"
        with listening(folder / "docker"):
            assert engine.find_socket() == f"{folder}/docker"


def test_the_usual_places_include_podmans():
    paths = engine._usual_paths()
    assert paths[0] == "/var/run/docker.sock"
    assert f"/run/user/{os.getuid()}/podman/podman.sock" in paths


def test_docker_host_alone_decides(folder, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{folder}/mine")
    with listening(folder / "docker"):
        assert f"no container engine runs at {folder}/mine" in refusal().message
        with listening(folder / "mine"):
            assert engine.find_socket() == f"{folder}/mine"


@pytest.mark.parametrize("how", ["config", "variable"])
def test_dockers_context_is_followed(folder, monkeypatch, how):
    if how == "config":
        (folder / "config.json").write_text(json.dumps({"currentContext": "rootless"}))
    else:
        monkeypatch.setenv("DOCKER_CONTEXT", "rootless")
    meta = folder / "contexts" / "meta" / hashlib.sha256(b"rootless").hexdigest() / "meta.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Endpoints": {"docker": {"Host": f"unix://{folder}/rootless"}}}))
    with listening(folder / "rootless"), listening(folder / "docker"):
        assert engine.find_socket() == f"{folder}/rootless"


@pytest.mark.parametrize("text", ["", "[]", "nonsense", '{"currentContext": "gone"}'])
def test_an_unusable_configuration_of_docker_does_no_harm(folder, text):
    (folder / "config.json").write_text(text)
    with listening(folder / "docker"):
        assert engine.find_socket() == f"{folder}/docker"


def test_no_engine(folder):
    error = refusal()
    assert error.message.startswith(f"no container engine runs at {folder}/docker (No such file")
    assert "systemctl start docker" in error.hint


def test_an_engine_that_has_ended(folder):
    with listening(folder / "docker"):
        pass
    assert "Connection refused" in refusal().message


@pytest.mark.parametrize("host", ["tcp://192.0.2.1:2375", "ssh://somewhere"])
def test_an_engine_elsewhere(folder, monkeypatch, host):
    monkeypatch.setenv("DOCKER_HOST", host)
    error = refusal()
    assert f"{host} is elsewhere" in error.message
    assert "unset DOCKER_HOST" in error.hint


def test_no_permission(folder):
    with listening(folder / "podman"):
        (folder / "podman").chmod(0)
        effective = os.geteuid()
        if effective == 0:  # for whom permissions do not count
            os.seteuid(NOBODY)
        try:
            error = refusal()
        finally:
            os.seteuid(effective)
        (folder / "podman").chmod(0o600)
    assert error.message == f"you may not use the container engine at {folder}/podman"
    assert "usermod" in error.hint


def test_an_engine_that_hangs(folder, monkeypatch):
    monkeypatch.setattr(engine, "ANSWER_SECONDS", 0.2)
    with listening(folder / "docker"):
        error = refusal()
    assert error.message == f"the container engine at {folder}/docker does not answer"
    assert "restart" in error.hint


def test_work_may_take_longer_than_the_first_word(folder):
    version = b'{"ApiVersion": "1.41"}'
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(version) + version
    with listening(folder / "docker", answer), engine.open_engine() as api:
        assert api.timeout == engine.WORK_SECONDS


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 500 Oh no\r\nContent-Length: 21\r\n\r\n" + b'{"message": "no idea"}',
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nnonsense!",
    ],
)
def test_an_engine_that_talks_nonsense(folder, answer):
    with listening(folder / "docker", answer):
        error = refusal()
    assert error.message.startswith(f"the container engine at {folder}/docker failed: ")
    assert error.hint == "harness doctor"


def test_a_sandbox_tells_what_its_engine_lacks(folder):
    # At the start, if it is known by then, else when somebody waits for it.
    with (
        pytest.raises(SandboxError, match="no container engine runs at") as refused,
        contextlib.closing(DockerBackend().start(())) as sandbox,
    ):
        sandbox.protection()
    assert "systemctl" in refused.value.hint


def test_elsewhere_than_on_linux_it_says_what_it_needs(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxError, match="Docker Desktop"):
        DockerBackend().start(())


WITHOUT_SDK = """
import sys
from harness.sandbox.choice import ChosenSandbox
chosen = ChosenSandbox("auto")
unwanted = {"docker", "requests", "harness.sandbox.docker"}
print(chosen.settle()[1].backend, *(unwanted & set(sys.modules)))
chosen.close()
"""


def test_auto_does_not_pay_for_what_it_does_not_use():
    result = subprocess.run(
        [sys.executable, "-c", WITHOUT_SDK],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(harness.__file__).parent.parent)},
        check=True,
    )
    assert result.stdout == "linux\n"
