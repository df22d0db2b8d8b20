"""The docker backend on a real engine: what a container is like, and that none is left behind."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.errors import SandboxError, SandboxFault
from harness.model.limits import Limits
from harness.sandbox import docker
from harness.sandbox.backend import Sandbox
from harness.sandbox.docker import FOLDER_PREFIX, OWNER_LABEL, DockerBackend, Owner, make_folder
from harness.sandbox.engine import DEFAULT_BASE, build_image, image_name
from harness.sandbox.zygote import GUEST_ENVIRONMENT, own_uid
from harness.testing import Clients

pytestmark = pytest.mark.docker

FORGOTTEN = Path(__file__).parent / "forgotten.py"
GONE_SECONDS = 15.0
BASE_VARIABLE = "HARNESS_TEST_DOCKER_BASE"


@pytest.fixture
def sandbox(engine: Any) -> Iterator[Sandbox]:
    with contextlib.closing(DockerBackend().start(())) as sandbox:
        sandbox.protection()
        yield sandbox


def containers_of(engine: Any, owner: Owner) -> list[dict[str, Any]]:
    label = f"{OWNER_LABEL}={owner.to_text()}"
    found: list[dict[str, Any]] = engine.containers(all=True, filters={"label": label})
    return found


def containers_of_pid(engine: Any, pid: int) -> list[dict[str, Any]]:
    """Containers, ended ones too, whose owner was the process ``pid``."""
    labelled = engine.containers(all=True, filters={"label": OWNER_LABEL})
    owners = [(each, Owner.from_text(each["Labels"][OWNER_LABEL])) for each in labelled]
    return [each for each, owner in owners if owner is not None and owner.pid == pid]


def folders_of(pid: int) -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*-{pid}-*"))


def eventually(condition: Any) -> bool:
    deadline = time.monotonic() + GONE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def ended_owner() -> Owner:
    """A process of ours that is no more."""
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], **CAPTURED)
    return replace(Owner.myself(), pid=int(ended.stdout), started="1")


CAPTURED: dict[str, Any] = {"capture_output": True, "text": True, "check": True, "timeout": 60}


# What the container is like


def test_the_container_is_hardened(engine, sandbox):
    (listed,) = containers_of(engine, Owner.myself())
    inspected = engine.inspect_container(listed["Id"])
    host = inspected["HostConfig"]
    expected = {
        "NetworkMode": "none",
        "ReadonlyRootfs": True,
        "Privileged": False,
        "AutoRemove": True,
    }
    assert {name: host[name] for name in expected} == expected
    assert host["CapDrop"]
    assert "host" not in (host["PidMode"], host["IpcMode"], host["UTSMode"], host["UsernsMode"])
    assert "no-new-privileges" in host["SecurityOpt"]
    assert not [option for option in host["SecurityOpt"] if "unconfined" in option]
    assert 0 < host["PidsLimit"] <= 512
    assert 0 < host["Memory"] == host["MemorySwap"]
    assert 0 < host["NanoCpus"] <= 2 * 10**9
    assert inspected["Config"]["User"] == f"{own_uid()}:{own_uid()}"
    (mount,) = inspected["Mounts"]
    assert not mount["RW"]


def test_its_first_process_has_no_powers(engine, sandbox):
    (listed,) = containers_of(engine, Owner.myself())
    pid = engine.inspect_container(listed["Id"])["State"]["Pid"]
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    status = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    assert {int(value, 16) for name, (value, *_) in status.items() if name.startswith("Cap")} == {0}
    assert status["NoNewPrivs"] == ["1"]
    assert status["Seccomp"] == ["2"]
    assert "0" not in status["Uid"]
    assert str(os.getuid()) not in status["Uid"]


def test_the_environment_is_the_same_as_in_every_sandbox(sandbox):
    text = "import os\ndef f():\n    return dict(os.environ)\n"
    sandbox.load(
        {"solution.py": text},
        "solution",
        Limits(cpu_seconds=2),
    )
    clients = Clients(sandbox)
    assert clients.ready().call("f") == GUEST_ENVIRONMENT
    clients.release()


def test_the_meeting_place_is_gone_when_the_sandbox_stands(sandbox):
    assert folders_of(os.getpid()) == []


def test_the_interpreter_is_that_of_the_image(engine, sandbox):
    said = sandbox.protection()
    assert (said.backend, said.tier, said.certified) == ("docker", "container", True)
    (listed,) = containers_of(engine, Owner.myself())
    command = ["python3", "-c", "import sys; print(sys.version.split()[0])"]
    version = engine.exec_start(engine.exec_create(listed["Id"], command)["Id"])
    assert said.interpreter == f"CPython {version.decode().strip()}"


# Nothing is left behind


@pytest.mark.exhaustive
@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.2, 0.3, 0.5, 0.9])
def test_a_killed_judge_leaves_no_container(engine, seconds):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, str(FORGOTTEN)], env=environment, stdout=subprocess.PIPE
    ) as judge:
        assert judge.stdout is not None
        assert judge.stdout.readline() == b"started\n"
        time.sleep(seconds)
        judge.kill()
    pid = judge.pid
    # What ran ends by itself; only what was never started waits for the next judge.
    assert eventually(
        lambda: {each["State"] for each in containers_of_pid(engine, pid)} <= {"created"}
    ), containers_of_pid(engine, pid)
    with contextlib.closing(DockerBackend().start(())) as following:
        following.protection()
    assert containers_of_pid(engine, pid) == []
    assert folders_of(pid) == []


def test_only_what_an_ended_judge_of_ours_left_is_removed(engine):
    myself, ended = Owner.myself(), ended_owner()
    labels = {
        "forgotten": ended.to_text(),
        "of an earlier boot": replace(myself, boot="another", pid=1).to_text(),
        "used": myself.to_text(),
        "another user's": replace(ended, uid=myself.uid + 1).to_text(),
        "in another namespace": replace(ended, namespace="1").to_text(),
        "not ours": "something else",
    }
    made = {
        engine.create_container(image_name(), "true", labels={OWNER_LABEL: label})["Id"]: name
        for name, label in labels.items()
    }
    place = tempfile.gettempdir()
    forgotten, used = make_folder(ended, place), make_folder(myself, place)
    try:
        with contextlib.closing(DockerBackend().start(())) as sandbox:
            sandbox.protection()
        there = {each["Id"] for each in engine.containers(all=True)}
        assert [made[each] for each in made if each not in there] == [
            "forgotten",
            "of an earlier boot",
        ]
        assert not forgotten.exists()
        assert used.exists()
    finally:
        used.rmdir()
        for container in {each["Id"] for each in engine.containers(all=True)} & made.keys():
            engine.remove_container(container, force=True)


def test_a_stopped_zygote_is_removed_all_the_same(engine, sandbox, monkeypatch):
    monkeypatch.setattr("harness.sandbox.docker.END_SECONDS", 0.5)
    (listed,) = containers_of(engine, Owner.myself())
    engine.kill(listed["Id"], "SIGSTOP")
    sandbox.close()
    assert containers_of(engine, Owner.myself()) == []


# Building


@pytest.mark.parametrize(
    "config",
    [
        {"credsStore": "absent"},
        {"credHelpers": {"registry.example": "absent"}},
        {"credsStore": "absent", "auths": {"registry.example": {}}},
    ],
)
def test_a_credential_helper_that_is_missing(engine, tmp_path, monkeypatch, config):
    (tmp_path / "config.json").write_text(json.dumps(config))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    assert build_image(os.environ.get(BASE_VARIABLE) or DEFAULT_BASE) == image_name()
    lines: list[str] = []
    with pytest.raises(SandboxError, match="could not be built on harness-absent: ") as refused:
        build_image("harness-absent", lines.append)
    assert "--base IMAGE" in refused.value.hint
    assert lines[0].startswith("Building without credentials: ")
    assert "docker-credential-absent not installed" in lines[0]


# Errors, each with what to type next


def refusal(backend: DockerBackend) -> SandboxError:
    with (
        contextlib.closing(backend.start(())) as sandbox,
        pytest.raises(SandboxError) as refused,
    ):
        sandbox.protection()
    return refused.value


def test_no_image_was_built(engine):
    error = refusal(DockerBackend(repository="harness-never-built"))
    assert error.message == f"the image {image_name('harness-never-built')} was not built yet"
    assert error.hint == "harness sandbox build"


def test_the_image_is_of_another_version(engine):
    engine.tag(image_name(), "harness-outdated", "old")
    try:
        error = refusal(DockerBackend(repository="harness-outdated"))
    finally:
        engine.remove_image("harness-outdated:old")
    assert error.message == f"the image {image_name('harness-outdated')} is out of date"
    assert error.hint == "harness sandbox build"


def test_the_container_cannot_come_to_the_meeting(engine):
    base = os.environ.get(BASE_VARIABLE) or "python:3.13-slim"
    engine.tag(base, *image_name("harness-without-guest").split(":"))
    try:
        error = refusal(DockerBackend(repository="harness-without-guest"))
    finally:
        engine.remove_image(image_name("harness-without-guest"))
    assert error.message.startswith("the container ended before it had reached the judge: Module")
    assert error.hint == "harness sandbox build"
    assert containers_of(engine, Owner.myself()) == []


def test_an_image_without_an_interpreter(engine):
    name = image_name("harness-empty")
    imported = json.loads(engine.import_image_from_data(b"\0" * 10240, "harness-empty"))
    engine.tag(imported["status"], *name.split(":"))  # Podman takes no tag with an import
    try:
        error = refusal(DockerBackend(repository="harness-empty"))
    finally:
        engine.remove_image(name)
        engine.remove_image("harness-empty")
    assert "python3" in error.message
    assert error.hint == "harness sandbox build"
    assert containers_of(engine, Owner.myself()) == []


@pytest.fixture
def slow_image(engine: Any) -> Iterator[str]:
    """The repository of an image whose interpreter never comes to anything."""
    base = os.environ.get(BASE_VARIABLE) or "python:3.13-slim"
    program = "/usr/local/bin/python3"
    script = f"rm -f {program}; printf '#!/bin/sh\\nexec sleep 600\\n' >{program}"
    text = f"FROM {base}\nRUN {script}; chmod 755 {program}\n"
    name = image_name("harness-slow")
    list(engine.build(fileobj=io.BytesIO(text.encode()), tag=name, network_mode="none", rm=True))
    yield "harness-slow"
    engine.remove_image(name)


def test_a_container_that_never_comes(engine, slow_image):
    begun = time.monotonic()
    error = refusal(DockerBackend(repository=slow_image))
    assert time.monotonic() - begun < 15
    assert error.message == (
        "no container came within 11 s: its first process has not reached the judge"
    )
    assert error.hint == "harness sandbox build"
    assert error.fault is SandboxFault.TOO_SLOW
    assert containers_of(engine, Owner.myself()) == []


def test_an_engine_that_makes_no_container(engine, monkeypatch):
    """What it makes when nobody waits any more is removed all the same."""
    made, go_on = [], threading.Event()

    def make_slowly(*arguments: Any) -> str:
        go_on.wait(GONE_SECONDS)
        made.append(create(*arguments))
        return made[0]

    create = docker._create
    monkeypatch.setattr(docker, "_create", make_slowly)
    monkeypatch.setattr(docker, "START_SECONDS", 0.5)
    error = refusal(DockerBackend())
    assert error.message.endswith("the engine has not made it")
    assert error.hint == "sudo systemctl restart docker"
    go_on.set()
    assert eventually(lambda: made and containers_of(engine, Owner.myself()) == [])
    assert eventually(lambda: folders_of(os.getpid()) == [])


# Where the judge and the container meet


@pytest.fixture
def unseen(tmp_path: Path) -> Iterator[str]:
    """A folder under a name that means another one, or none, to the engine."""
    descriptor = os.open(tmp_path, os.O_RDONLY)
    yield f"/proc/self/fd/{descriptor}"
    os.close(descriptor)


@pytest.mark.parametrize("where", ["a long path", "unseen by the engine"])
def test_a_folder_for_temporary_files_that_is_no_meeting_place(
    engine, tmp_path, unseen, monkeypatch, where
):
    long = tmp_path / ("long" * 30)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long) if "long" in where else unseen)
    with contextlib.closing(DockerBackend().start(())) as sandbox:
        assert sandbox.protection().tier == "container"
        assert folders_of(os.getpid()) == []
    assert list(long.iterdir()) == [*tmp_path.iterdir()][1:] == []


def test_no_folder_that_the_engine_sees(engine, monkeypatch, unseen):
    monkeypatch.setattr(docker, "short_folders", lambda: [unseen])
    error = refusal(DockerBackend())
    assert error.message.endswith(f"the engine does not see {unseen}")
    assert error.hint.startswith("TMPDIR=FOLDER")
    assert containers_of(engine, Owner.myself()) == []


def test_no_folder_at_all(engine, monkeypatch):
    monkeypatch.setattr(docker, "short_folders", lambda: ["/proc"])
    assert "no socket can be made in /proc" in refusal(DockerBackend()).message


def test_a_refusal_that_is_not_the_meeting_places(engine, monkeypatch):
    monkeypatch.setattr(docker, "MOST_MEMORY_MB", 1)  # less than any engine allows
    error = refusal(DockerBackend())
    assert "memory" in error.message.lower()
    assert "does not see" not in error.message
