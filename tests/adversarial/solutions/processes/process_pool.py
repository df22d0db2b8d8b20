"""Uses a pool of processes.

safe = "The call is refused."
exempt = ["process"]
"""

from concurrent.futures import ProcessPoolExecutor


def attack(hints):
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(abs, [1]))
    return "escaped"
