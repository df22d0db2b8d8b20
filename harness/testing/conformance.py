"""The suite that every sandbox backend must pass: limits, isolation, protocol, cleanup."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from harness.errors import SandboxError
from harness.guest import acts
from harness.guest.acts import DENIED
from harness.model.limits import Limits
from harness.sandbox.backend import Backend, Sandbox
from harness.testing import solution as solution_module
from harness.testing.client import BoxClient, Clients, Raised
from harness.testing.leftovers import Leftovers

SOLUTION = {
    "solution.py": Path(solution_module.__file__).read_text(encoding="utf-8"),
    "acts.py": Path(acts.__file__).read_text(encoding="utf-8"),
}
LIMITS = Limits(cpu_seconds=1, memory_bytes=128 << 20, output_bytes=64 << 10)
CLOSING_SECONDS = 5.0
MANY = 2000
"""More threads or open files than any box may have."""


class SandboxConformance:
    """Subclass it as ``TestMyBackend`` and define :meth:`make_backend`; pytest does the rest.

    ``exempt`` names the tests that the backend cannot pass, which is part of its documentation:
    they are not collected. An unknown name is an error.
    """

    exempt: ClassVar[frozenset[str]] = frozenset()
    kept_by_others: ClassVar[frozenset[str]] = frozenset()
    """Kinds of :class:`Leftovers` that other programs on the machine make and remove meanwhile."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for name in cls.exempt:
            if not callable(getattr(SandboxConformance, name, None)):
                raise TypeError(f"{cls.__name__}: there is no test '{name}' to be exempt from")
            setattr(cls, name, None)

    def make_backend(self) -> Backend:
        """Return the backend to test."""
        raise NotImplementedError

    @pytest.fixture
    def secret(self, tmp_path: Path) -> Path:
        """A file of the host that no box may read."""
        file = tmp_path / "secret"
        file.write_text("secret")
        return file

    @pytest.fixture
    def sandbox(self, secret: Path) -> Iterator[Sandbox]:
        """A sandbox that has loaded the suite's solution."""
        with contextlib.closing(self.start(secret)) as sandbox:
            yield sandbox

    def start(self, secret: Path) -> Sandbox:
        """Start a sandbox and load the suite's solution."""
        sandbox = self.make_backend().start((secret,))
        try:
            sandbox.load(SOLUTION, "solution", LIMITS)
        except SandboxError:
            sandbox.close()
            raise
        return sandbox

    @contextlib.contextmanager
    def started(self, secret: Path) -> Iterator[Clients]:
        """A sandbox for one test, started only after the test's preparations."""
        with contextlib.closing(self.start(secret)) as sandbox:
            clients = Clients(sandbox)
            yield clients
            clients.release()

    @pytest.fixture
    def clients(self, sandbox: Sandbox) -> Iterator[Clients]:
        """Opens boxes of the sandbox."""
        clients = Clients(sandbox)
        yield clients
        clients.release()

    @pytest.fixture
    def client(self, clients: Clients) -> BoxClient:
        """A box with the solution imported."""
        return clients.ready()

    # Protocol

    def test_protection_is_told(self, sandbox: Sandbox) -> None:
        """A judgement can say what protected it."""
        protection = sandbox.protection()
        assert protection.backend == self.make_backend().name
        assert protection.tier
        assert "Python" in protection.interpreter

    def test_a_call_is_answered(self, client: BoxClient) -> None:
        """The box speaks the protocol of ``docs/wire.md``."""
        assert client.call("add", 2, 3) == 5

    def test_a_failed_import_is_told(self, sandbox: Sandbox, clients: Clients) -> None:
        """It is an answer like any other, and the box stays open."""
        sandbox.load({"solution.py": "1 / 0\n"}, "solution", LIMITS)
        with pytest.raises(Raised) as raised:
            clients.ready()
        assert raised.value.names[0] == "ZeroDivisionError"

    def test_prepared_boxes_come_in_order(self, sandbox: Sandbox) -> None:
        """The oldest prepared box is used first, and each is a separate box."""
        sandbox.prepare_box()
        sandbox.prepare_box()
        boxes = [sandbox.open_box() for _ in range(3)]
        assert [box.number for box in boxes] == sorted({box.number for box in boxes})
        for box in boxes:
            sandbox.discard_box(box)

    def test_boxes_close_in_any_order(self, sandbox: Sandbox, clients: Clients) -> None:
        """Prepare, open, close and discard may be mixed freely."""
        first, second = clients.ready(), clients.ready()
        sandbox.prepare_box()
        sandbox.discard_box(first.box)
        third = clients.ready()
        sandbox.prepare_box()
        assert not sandbox.close_box(second.box).ended_itself
        assert third.call("add", 1, 1) == 2
        assert not sandbox.close_box(third.box).ended_itself

    def test_many_boxes_one_after_another(self, sandbox: Sandbox, clients: Clients) -> None:
        """Nothing runs out."""
        for number in range(50):
            client = clients.ready()
            assert client.call("add", number, 1) == number + 1
            sandbox.discard_box(client.box)

    def test_several_boxes_at_once(self, clients: Clients) -> None:
        """Boxes do not wait for each other."""
        waiting = [clients.ready() for _ in range(4)]
        for client in waiting:
            client.send("sleep", 60)
        assert clients.ready().call("add", 3, 4) == 7

    def test_a_box_that_ends_early(self, sandbox: Sandbox, clients: Clients) -> None:
        """Its end is reported exactly, and the next box works."""
        client = clients.ready()
        with pytest.raises(EOFError):
            client.call("end", 7)
        end = sandbox.close_box(client.box)
        assert (end.ended_itself, end.exit_code) == (True, 7)
        assert clients.ready().call("add", 1, 1) == 2

    def test_a_box_that_ends_while_it_is_imported(self, sandbox: Sandbox, clients: Clients) -> None:
        """Likewise during the import."""
        sandbox.load({"solution.py": "import os\nos._exit(9)\n"}, "solution", LIMITS)
        client = clients.open()
        with pytest.raises(EOFError):
            client.await_import()
        assert sandbox.close_box(client.box).exit_code == 9

    def test_a_large_submission(self, sandbox: Sandbox, clients: Clients) -> None:
        """A megabyte of source is accepted."""
        text = SOLUTION["solution.py"] + "TABLE = '" + "x" * 1_000_000 + "'\n"
        sandbox.load({"solution.py": text}, "solution", LIMITS)
        assert clients.ready().call("add", 1, 1) == 2

    def test_a_huge_submission_is_refused(self, sandbox: Sandbox) -> None:
        """More than a workspace can hold is a clear error."""
        with pytest.raises(SandboxError):
            sandbox.load({"solution.py": "x" * 50_000_000}, "solution", LIMITS)

    def test_loading_again_replaces_everything(self, sandbox: Sandbox, clients: Clients) -> None:
        """No prepared box and no file of the previous submission is used again."""
        files = {"solution.py": "from other import f\n", "other.py": "def f(): return 1\n"}
        sandbox.load(files, "solution", LIMITS)
        sandbox.prepare_box()
        sandbox.load({"solution.py": "import other\n"}, "solution", LIMITS)
        with pytest.raises(Raised) as raised:
            clients.ready()
        assert raised.value.names[0] == "ModuleNotFoundError"

    def test_a_closed_sandbox_says_so(self, sandbox: Sandbox) -> None:
        """Closing twice is allowed; using it afterwards is a SandboxError."""
        sandbox.close()
        sandbox.close()
        with pytest.raises(SandboxError):
            sandbox.open_box()

    # Limits

    def test_processor_time_is_limited(self, sandbox: Sandbox, clients: Clients) -> None:
        """A loop ends by a signal soon after the limit."""
        client = clients.ready()
        sandbox.limit_box(client.box, LIMITS.cpu_seconds)
        with pytest.raises(EOFError):
            client.call("spin")
        end = sandbox.close_box(client.box)
        assert end.ended_itself
        assert -end.exit_code in (signal.SIGXCPU, signal.SIGKILL)
        assert end.cpu_seconds < LIMITS.cpu_seconds + 3

    @pytest.mark.parametrize("act", ["spin", "stop_itself", "sleep"])
    def test_a_box_can_be_closed_at_any_time(
        self, sandbox: Sandbox, act: str, clients: Clients
    ) -> None:
        """The judge enforces the wall-clock limit, so it must be able to end any box."""
        client = clients.ready()
        client.send(act, *([60] if act == "sleep" else []))
        started = time.monotonic()
        assert not sandbox.close_box(client.box).ended_itself
        assert time.monotonic() - started < CLOSING_SECONDS

    def test_memory_is_limited(self, client: BoxClient) -> None:
        """Too much is a MemoryError or ends the box; what is allowed is available."""
        assert client.call("use_memory", LIMITS.memory_bytes // 2 >> 20)
        with pytest.raises((Raised, EOFError)) as ended:
            client.call("use_memory", LIMITS.memory_bytes * 4 >> 20)
        assert ended.type is EOFError or "MemoryError" in str(ended.value)

    def test_output_is_limited(self, client: BoxClient) -> None:
        """Output within the limit is kept; the rest takes no space."""
        client.call("print_line", "hello")
        with contextlib.suppress(Raised, EOFError):
            client.call("flood", LIMITS.output_bytes * 4 >> 10)
        output = client.output()
        assert output.startswith(b"hello\n")
        assert len(output) <= LIMITS.output_bytes

    def test_threads_are_limited(self, client: BoxClient) -> None:
        """There are enough for a suite with threads, too few to do harm."""
        assert 16 <= client.call("count_threads", MANY) < MANY

    def test_open_files_are_limited(self, client: BoxClient) -> None:
        """Descriptors run out only in the box."""
        assert 16 <= client.call("count_open_files", MANY) < MANY

    # Isolation

    def test_files_cannot_be_read(self, client: BoxClient, secret: Path) -> None:
        """Neither protected files nor those that every user may read."""
        for path in (str(secret), "/etc/passwd", __file__):
            assert client.call("try_act", "read_file", path) == DENIED, path

    def test_folders_cannot_be_listed(self, client: BoxClient, secret: Path) -> None:
        """Nothing can be searched for."""
        for path in ("/etc", "/tmp", str(secret.parent), str(Path(__file__).parent)):
            assert client.call("try_act", "list_folder", path) == DENIED, path

    def test_files_cannot_be_created(self, client: BoxClient, secret: Path) -> None:
        """There is no place to keep something for the next case."""
        for folder in ("/", "/tmp", "/dev/shm", "/var/tmp", str(secret.parent), "."):
            assert client.call("try_act", "create_file", f"{folder}/harness-escape") == DENIED, (
                folder
            )

    def test_the_network_is_closed(self, client: BoxClient) -> None:
        """Neither this machine nor another can be reached."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            assert client.call("try_act", "connect", port) == DENIED

    def test_local_sockets_are_closed(self, client: BoxClient) -> None:
        """Neither sockets with a path nor, on Linux, abstract ones."""
        with tempfile.TemporaryDirectory(prefix="hs", dir="/tmp") as folder:
            names = [f"{folder}/socket"]  # a short path: tmp_path's may be too long for an address
            if os.uname().sysname == "Linux":
                names.append(f"\0harness-conformance-{os.getpid()}")
            for name in names:
                with socket.socket(socket.AF_UNIX) as server:
                    server.bind(name)
                    server.listen()
                    assert client.call("try_act", "talk_locally", name) == DENIED, name

    def test_no_process_can_be_started(self, client: BoxClient) -> None:
        """Neither a copy of the box nor another program."""
        assert client.call("try_act", "start_process") == DENIED
        assert client.call("try_act", "run_program") == DENIED

    def test_no_other_process_can_be_signalled(self, clients: Clients) -> None:
        """Not the judge, not another box, not all processes."""
        client, other = clients.ready(), clients.ready()
        for pid in (os.getpid(), os.getppid(), other.call("process_id"), 1, -1):
            assert client.call("try_act", "signal_process", pid) == DENIED, pid

    def test_boxes_share_no_state(self, clients: Clients) -> None:
        """One box does not find what another keeps in its module."""
        clients.ready().call("remember", "key", "value")
        assert clients.ready().call("recall", "key") is None

    def test_the_environment_is_not_ours(self, secret: Path) -> None:
        """No variable of the host reaches a box."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HARNESS_CONFORMANCE", "secret")
            with self.started(secret) as clients:
                environment = clients.ready().call("environment")
        assert "HARNESS_CONFORMANCE" not in environment
        assert "secret" not in environment.values()

    def test_no_descriptor_is_inherited(self, secret: Path) -> None:
        """Not even one that this process left open and inheritable."""
        with secret.open() as handle:
            os.set_inheritable(handle.fileno(), True)
            status = os.fstat(handle.fileno())
            with self.started(secret) as clients:
                inodes = clients.ready().call("open_inodes")
        assert (status.st_dev, status.st_ino) not in inodes
        assert 0 < len(inodes) <= 4

    # Cleanup

    def test_nothing_is_left_behind(self, secret: Path) -> None:
        """Nothing of boxes that are closed, discarded, prepared, busy, or forgotten."""
        before = Leftovers()
        sandbox = self.start(secret)
        clients = Clients(sandbox)
        closed, discarded, busy, _ = (clients.ready() for _ in range(4))
        sandbox.close_box(closed.box)
        sandbox.discard_box(discarded.box)
        busy.send("spin")
        sandbox.prepare_box()
        sandbox.close()
        clients.release()
        assert before.found(but=self.kept_by_others) == []

    def test_a_detached_process_does_not_outlive_its_box(
        self, sandbox: Sandbox, clients: Clients
    ) -> None:
        """Where a box can start processes at all, they end with it."""
        clients.ready()  # so that the sandbox itself is complete
        before = Leftovers()
        client = clients.ready()
        with contextlib.suppress(Raised):
            client.call("leave_process_behind")
        sandbox.close_box(client.box)
        assert before.found(but=self.kept_by_others) == []

    def test_a_sandbox_never_used_leaves_nothing(self) -> None:
        """The judge sometimes starts a sandbox that it does not need."""
        before = Leftovers()
        self.make_backend().start(()).close()
        assert before.found(but=self.kept_by_others) == []
