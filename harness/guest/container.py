"""The first process of a container: fetches its streams from the judge, then is the zygote.

An engine has no way to pass descriptors into a container. So the judge waits at a socket in a
folder that is mounted into it, and sends there what a child process would have been born with.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

from . import zygote
from .box import CONTROL_FD

MEETING_FOLDER = "/run/harness"
MEETING_NAME = "judge"


def main(environment: Mapping[str, str]) -> None:
    """Be the zygote of the judge that waits at the meeting place.

    ``environment`` replaces what image and engine have put into ours.
    """
    with socket.socket(socket.AF_UNIX) as meeting:
        meeting.connect(f"{MEETING_FOLDER}/{MEETING_NAME}")
        _, (control, stderr), _, _ = socket.recv_fds(meeting, 1, 2)
    null = os.open(os.devnull, os.O_RDWR)
    for source, target in ((null, 0), (null, 1), (stderr, 2), (control, CONTROL_FD)):
        os.dup2(source, target)
    os.environ.clear()
    os.environ.update(environment)
    zygote.main()
