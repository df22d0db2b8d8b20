"""Makes shared memory through multiprocessing.

safe = "The call is refused."
exempt = ["process"]
"""

from multiprocessing import shared_memory


def attack(hints):
    shared_memory.SharedMemory("harness-escape", create=True, size=10)
    return "escaped"
