"""The docker backend: the zygote in a container, without network, on an image of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from harness.errors import SandboxError
from harness.sandbox.zygote import Policy, ZygoteSandbox, own_uid


class DockerBackend:
    """Boxes in a hardened container of Docker or Podman, locked there like those of ``linux``.

    ``host`` is the engine's address (else that of DOCKER_HOST, of docker's context, or the usual
    places), ``repository`` the name of the image (else ours).
    """

    name = "docker"
    tier = "container"

    def __init__(self, host: str = "", repository: str = "") -> None:
        self._host = host
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
        # Imported here so that other backends do not pay for it.
        from harness.sandbox.container import ContainerZygote
        from harness.sandbox.image import GUEST_FOLDER, REPOSITORY

        policy = Policy(
            parent=0,
            lock=True,
            namespaces=False,
            uid=own_uid(),
            owns_uid=True,
            protected=[],
            forbidden=[f"{GUEST_FOLDER}/zygote.py"],
        )
        repository = self._repository or REPOSITORY
        return ZygoteSandbox(
            self.name,
            self.tier,
            policy,
            lambda control, stderr: ContainerZygote(control, stderr, self._host, repository),
        )
