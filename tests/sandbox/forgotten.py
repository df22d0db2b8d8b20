"""Run as a program: uses docker sandboxes until it is killed."""

from __future__ import annotations

from harness.model.limits import Limits
from harness.sandbox.docker import DockerBackend

LIMITS = Limits(cpu_seconds=5, memory_bytes=128 << 20, output_bytes=64 << 10)


def main() -> None:
    while True:
        sandbox = DockerBackend().start(())
        print("started", flush=True)
        sandbox.load({"solution.py": "while True: pass\n"}, "solution", LIMITS)
        sandbox.open_box()
        sandbox.close()


if __name__ == "__main__":
    main()
