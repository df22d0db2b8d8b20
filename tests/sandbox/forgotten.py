"""Run as a program: uses docker sandboxes until it is killed."""

from __future__ import annotations

from harness.sandbox.backend import BoxLimits
from harness.sandbox.docker import DockerBackend

LIMITS = BoxLimits(5, 128, 64)


def main() -> None:
    while True:
        sandbox = DockerBackend().start(())
        print("started", flush=True)
        sandbox.load({"solution.py": "while True: pass\n"}, "solution", LIMITS)
        sandbox.open_box()
        sandbox.close()


if __name__ == "__main__":
    main()
