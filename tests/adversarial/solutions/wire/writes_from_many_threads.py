"""Writes garbage from many threads between the honest frames.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import threading

import wire


def attack(hints):
    threads = [threading.Thread(target=wire.send, args=(b"[]" * 500,)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
