"""Returns a number that threads of the suite count up to, and that nobody waits for.

safe = "Threads that compute are ended with their case."
verdicts = ["time_limit"]
case = '''
import threading
def count():
    for _ in range(attack.attack(HINTS)):
        pass
threads = [threading.Thread(target=count) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
'''
"""


def attack(hints):
    return 10**12
