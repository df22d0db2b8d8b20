"""The docker backend: the zygote in a container, without network, on an image of its own.

A thread of its own starts the zygote in a hardened container and hands it its streams (see
``guest/container.py``), because an engine needs most of a second and the judge has other things to
do meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from harness.errors import SandboxError, SandboxFault
from harness.guest.container import MEETING_FOLDER, MEETING_NAME
from harness.model.frozen import frozen
from harness.sandbox.engine import BUILD, GUEST_FOLDER, REPOSITORY, find_image, open_engine
from harness.sandbox.zygote import (
    GUEST_BOOTSTRAP,
    GUEST_ENVIRONMENT,
    GUEST_OPTIONS,
    Policy,
    ZygoteSandbox,
    own_uid,
)

OWNER_LABEL = "harness.owner"
MOST_MEMORY_MB = 6144
"""Of all boxes of a sandbox: what a manifest may give to one at most, and room for the others."""
MOST_TASKS = 512
MOST_FILES = 1024
MOST_PROCESSORS = 2
START_SECONDS = 11.0
"""How long the judge waits for a container. To remove it takes up to 4 s more, even if the engine
does not answer."""
END_SECONDS = 10.0
_GIVE_UP_SECONDS = 1.0
_LOOK_SECONDS = 0.2
FOLDER_PREFIX = "harness-docker-"
INNER_FOLDER = "meeting"


class DockerBackend:
    """Boxes in a hardened container of Docker or Podman, locked there like those of ``linux``.

    ``repository`` is the name of the image.
    """

    name = "docker"
    tier = "container"

    def __init__(self, repository: str = REPOSITORY) -> None:
        self._repository = repository

    def start(self, protected: tuple[Path, ...]) -> ZygoteSandbox:
        """Start a sandbox; see :class:`harness.sandbox.backend.Backend`.

        Nothing of ``protected`` is in the container, so it is not named there either.
        """
        if sys.platform != "linux":
            raise SandboxError(
                "the docker sandbox needs an engine on this very Linux kernel; that of "
                "Docker Desktop and `podman machine` is in a virtual machine"
            )
        policy = Policy(
            parent=0,
            lock=True,
            namespaces=False,
            uid=own_uid(),
            owns_uid=True,
            protected=[],
            forbidden=[f"{GUEST_FOLDER}/zygote.py"],
        )
        return ZygoteSandbox(
            self.name,
            self.tier,
            policy,
            lambda control, stderr: ContainerZygote(control, stderr, self._repository),
            START_SECONDS,
        )


class ContainerZygote:
    """A zygote that is the first process of a container."""

    def __init__(self, control: socket.socket, stderr: int, repository: str) -> None:
        self._control = control.dup()
        self._stderr = os.dup(stderr)
        self._repository = repository
        self._container = ""
        self._begun = time.time()
        self._deadline = time.monotonic() + START_SECONDS
        self._missing = "the engine has not answered"
        """What the start waits for; empty when the container has come."""
        self._failure: SandboxError | None = None
        self._unwanted = threading.Event()
        # The process may end without it: what it leaves then, the next one removes.
        self._starter = threading.Thread(target=self._run, daemon=True)
        self._starter.start()

    def failure(self) -> SandboxError | None:
        """Return why the container has not come; None when it has."""
        if self._failure is None and self._missing:
            return SandboxError(
                f"no container came within {START_SECONDS:.0f} s: {self._missing}",
                BUILD if self._container else "sudo systemctl restart docker",
                SandboxFault.TOO_SLOW,
            )
        return self._failure

    def interruption(self) -> str:
        """Return what the engine says has kept boxes from running."""
        with contextlib.suppress(Exception), open_engine() as api:
            paused = {"container": self._container, "event": "pause"}
            since, until = (f"{moment:.6f}" for moment in (self._begun, time.time()))
            if any(api.events(since=since, until=until, filters=paused)):
                return "its container was paused"
        return ""

    def end(self) -> None:
        """Wait until the container is removed, and remove it when it does not end by itself.

        If the engine is still busy with it, the starter removes it when that is over.
        """
        self._unwanted.set()
        self._starter.join(max(_GIVE_UP_SECONDS, self._deadline - time.monotonic()))
        if not self._starter.is_alive():
            self._remove()

    def _remove(self) -> None:
        if not self._container:
            return
        with contextlib.suppress(SandboxError), open_engine() as api:
            if not self._missing:  # so it ends by itself, unless somebody has stopped it
                with contextlib.suppress(Exception):
                    api.wait(self._container, timeout=END_SECONDS, condition="removed")
            _remove(api, self._container)

    def _run(self) -> None:
        try:
            self._start()
        except SandboxError as error:
            self._failure = error
        except Exception as error:
            text = f"the docker sandbox cannot start: {type(error).__name__}: {error}"
            self._failure = SandboxError(text)
        finally:
            # What waits for the zygote sees the end of its stream, and then asks for the reason.
            self._control.close()
            os.close(self._stderr)
            if self._unwanted.is_set() and self._missing:
                self._remove()

    def _start(self) -> None:
        myself = Owner.myself()
        with open_engine() as api:
            remove_orphans(api, myself)
            remove_forgotten_folders(myself)
            image = find_image(api, self._repository)
            if self._unwanted.is_set():
                return
            self._missing = "the engine has not made it"
            with contextlib.ExitStack() as meeting_place:
                listener, self._container = _make(api, image, myself, meeting_place)
                self._meet(api, listener)

    def _meet(self, api: Any, listener: socket.socket) -> None:
        """Start the container, and give its first process what it comes for."""
        with _attached(api, self._container) as output:
            self._missing = "the engine has not started it"
            _start(api, self._container)
            self._missing = "its first process has not reached the judge"
            meeting = self._await_guest(api, listener, output)
        with meeting:
            socket.send_fds(meeting, [b"!"], [self._control.fileno(), self._stderr])
        self._missing = ""

    def _await_guest(self, api: Any, listener: socket.socket, output: Any) -> socket.socket:
        listener.settimeout(_LOOK_SECONDS)
        while not self._unwanted.is_set():
            with contextlib.suppress(TimeoutError):
                return listener.accept()[0]
            if not _is_running(api, self._container):
                raise SandboxError(
                    f"the container ended before it had reached the judge: {_last_line(output)}",
                    BUILD,
                )
        raise SandboxError("nobody waits for the container any more")


def _make(
    api: Any, image: str, myself: Owner, meeting_place: contextlib.ExitStack
) -> tuple[socket.socket, str]:
    """Create the container; the judge waits for it at the first place that the engine sees, too.

    ``meeting_place``: on what to put what has to be removed after the meeting.
    """
    import docker.errors

    unseen = []
    for place in short_folders():
        with contextlib.ExitStack() as attempt:
            try:
                listener, folder = attempt.enter_context(_meeting_place(myself, place))
            except OSError:  # no room, no right, or a path too long for a socket
                continue
            try:
                container = _create(api, image, folder, myself)
            except docker.errors.APIError:
                unseen.append(place)
                continue
            meeting_place.push(attempt.pop_all())
            return listener, container
    if not unseen:
        raise SandboxError(f"no socket can be made in {' or '.join(short_folders())}", "df -h")
    _remove(api, _create(api, image, None, myself))  # refused, too, if that is not the reason
    raise SandboxError(
        f"the judge cannot meet the container: the engine does not see {' or '.join(unseen)}",
        "TMPDIR=FOLDER harness doctor  # one that the engine sees, too",
    )


def _start(api: Any, container: str) -> None:
    import docker.errors

    try:
        api.start(container)
    except docker.errors.APIError as error:
        if not error.is_client_error():  # so the image has no such program, or for no such machine
            raise
        text = " ".join(str(error.explanation).split())
        raise SandboxError(f"the image cannot run its python3: {text}", BUILD) from error


def remove_orphans(api: Any, observer: Owner) -> None:
    """Remove containers of judges that have ended without doing so.

    Those that were started end and vanish by themselves; this finds those that never were.
    """
    for each in api.containers(all=True, filters={"label": OWNER_LABEL}):
        container_owner = Owner.from_text((each.get("Labels") or {}).get(OWNER_LABEL, ""))
        if container_owner is not None and container_owner.has_ended(observer):
            _remove(api, each["Id"])


def _remove(api: Any, container: str) -> None:
    import docker.errors

    # It may be gone, or on its way: the engine removes those that end.
    with contextlib.suppress(docker.errors.APIError):
        api.remove_container(container, force=True, v=True)


def _is_running(api: Any, container: str) -> bool:
    import docker.errors

    try:
        return bool(api.inspect_container(container)["State"]["Running"])
    except docker.errors.NotFound:
        return False


@contextlib.contextmanager
def _attached(api: Any, container: str) -> Iterator[Any]:
    """Yield the stream of what the container prints from now on."""
    stream = api.attach_socket(container)
    try:
        yield stream
    finally:
        stream._response.close()  # the SDK has no public way to let go of both
        stream.close()


def _last_line(output: Any) -> str:
    """Read the output of a container that has ended."""
    from docker.utils.socket import frames_iter

    said = b"".join(data for _, data in frames_iter(output, tty=False))
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


@contextlib.contextmanager
def _meeting_place(myself: Owner, place: str) -> Iterator[tuple[socket.socket, Path]]:
    """Yield a socket that listens, and the folder to be mounted into the container.

    That folder lies in one that only this user can enter, so that no other user can come to the
    meeting; the container's, whatever number its user has here, comes in through the mount. Both
    are gone as soon as the zygote has come: no box ever finds them. Raises :class:`OSError` where
    no socket can be.
    """
    outer = make_folder(myself, place)
    try:
        inner = outer / INNER_FOLDER
        inner.mkdir()
        inner.chmod(0o711)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(inner / MEETING_NAME))
            (inner / MEETING_NAME).chmod(0o666)
            listener.listen(1)
            yield listener, inner
    finally:
        remove_folder(outer)


def _create(api: Any, image: str, folder: Path | None, myself: Owner) -> str:
    """Create the container, which finds ``folder`` at its meeting place, and return its id."""
    from docker.types import LogConfig, Mount, Ulimit

    memory = MOST_MEMORY_MB << 20
    environment = dict(GUEST_ENVIRONMENT)
    bootstrap = GUEST_BOOTSTRAP.format(folder=GUEST_FOLDER)
    bootstrap += f"from _harness_guest.container import main; main({environment!r})"
    hardening = api.create_host_config(
        network_mode="none",
        ipc_mode="none",
        read_only=True,
        cap_drop=["ALL"],
        # SELinux forbids containers to connect to any process outside; ours has one to meet.
        security_opt=["no-new-privileges", "label=disable"],
        pids_limit=MOST_TASKS,
        ulimits=[
            Ulimit(name=name, soft=most, hard=most)
            for name, most in (("nofile", MOST_FILES), ("nproc", MOST_TASKS), ("core", 0))
        ],
        mem_limit=memory,
        memswap_limit=memory,
        nano_cpus=min(MOST_PROCESSORS, os.cpu_count() or 1) * 10**9,
        mounts=[Mount(MEETING_FOLDER, str(folder), type="bind", read_only=True)] if folder else [],
        log_config=LogConfig(type="none"),
        auto_remove=True,
    )
    created = api.create_container(
        image,
        entrypoint=["python3", *GUEST_OPTIONS, "-B", "-c", bootstrap],
        command=[],
        user=f"{own_uid()}:{own_uid()}",
        working_dir="/",
        hostname="box",
        # PATH stays the image's, which python3 is found by; the guest replaces them all.
        environment={name: environment[name] for name in ("PYTHONHASHSEED", "MALLOC_ARENA_MAX")},
        labels={OWNER_LABEL: myself.to_text()},
        host_config=hardening,
    )
    return str(created["Id"])


@frozen
class Owner:
    """One process, distinct from every later one that gets its number."""

    uid: int
    boot: str
    namespace: str
    """The number of the process namespace that ``pid`` counts in."""
    pid: int
    started: str
    """In clock ticks since the boot."""

    @classmethod
    def myself(cls) -> Owner:
        """Return the calling process."""
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        namespace = str(os.stat("/proc/self/ns/pid").st_ino)
        return cls(os.getuid(), boot, namespace, os.getpid(), _start_of(os.getpid()))

    @classmethod
    def from_text(cls, text: str) -> Owner | None:
        """Undo :meth:`to_text`; None for what it has not made."""
        try:
            uid, boot, namespace, pid, started = text.split("/")
            return cls(int(uid), boot, namespace, int(pid), started)
        except ValueError:
            return None

    def to_text(self) -> str:
        """Return one word, for a label."""
        return f"{self.uid}/{self.boot}/{self.namespace}/{self.pid}/{self.started}"

    def has_ended(self, observer: Owner) -> bool:
        """Return whether ``observer``, the calling process, can be sure that this one has ended.

        It cannot be sure of another user's process, or of one in another namespace.
        """
        if self.uid != observer.uid:
            return False
        if self.boot != observer.boot:
            return True
        return self.namespace == observer.namespace and _start_of(self.pid) != self.started


def short_folders() -> list[str]:
    """Return where temporary files may lie; the path of the first may be too long for a socket."""
    places = ["/tmp", "/var/tmp", os.environ.get("XDG_RUNTIME_DIR", "")]
    with contextlib.suppress(OSError):
        places.insert(0, tempfile.gettempdir())
    return [place for place in dict.fromkeys(places) if os.path.isdir(place)]


def make_folder(owner: Owner, place: str) -> Path:
    """Return a new private folder in ``place`` that says whose it is."""
    stem = f"{FOLDER_PREFIX}{owner.namespace}-{owner.pid}-{owner.started}-"
    return Path(tempfile.mkdtemp(prefix=stem, dir=place))


def remove_folder(folder: Path) -> None:
    """Remove what :meth:`make_folder` made, with nothing in it but what we put there."""
    with contextlib.suppress(OSError):
        (folder / INNER_FOLDER / MEETING_NAME).unlink(missing_ok=True)
    for each in (folder / INNER_FOLDER, folder):
        with contextlib.suppress(OSError):
            each.rmdir()


def remove_forgotten_folders(observer: Owner) -> None:
    """Remove the folders of judges that were killed before they could do so."""
    found = (Path(place).glob(f"{FOLDER_PREFIX}*") for place in short_folders())
    for folder in chain.from_iterable(found):
        words = folder.name.removeprefix(FOLDER_PREFIX).split("-")
        if len(words) < 4 or not words[1].isdecimal() or folder.lstat().st_uid != observer.uid:
            continue
        owner = Owner(observer.uid, observer.boot, words[0], int(words[1]), words[2])
        if owner.has_ended(observer):
            remove_folder(folder)


def _start_of(pid: int) -> str:
    """When a process started; empty when there is none, or none that still runs."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]
