"""Calls back from threads without an end while the case ends.

safe = "What nobody reads any more ends with the box."
verdicts = ["wrong_answer", "time_limit"]
case = '''
seen = []
attack.attack(seen.append)
assert attack.attack(seen.append) in (ESCAPED, SECRET)
'''
"""

import threading


def storm(call):
    while True:
        call("escaped")


def attack(call):
    for _ in range(8):
        threading.Thread(target=storm, args=(call,), daemon=True).start()
