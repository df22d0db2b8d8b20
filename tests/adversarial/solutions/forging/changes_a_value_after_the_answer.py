"""Changes a list from a thread after it was returned.

safe = "An answer is a snapshot."
verdicts = ["wrong_answer"]
case = '''
answer = attack.attack(HINTS)
time.sleep(0.05)
assert answer == [ESCAPED]
'''
"""

import threading


def attack(hints):
    answer = []
    threading.Timer(0.01, answer.append, ["escaped"]).start()
    return answer
