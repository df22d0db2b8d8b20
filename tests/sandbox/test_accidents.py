"""Honest code in a box: what must work, and what must fail with an exception that says why."""

from __future__ import annotations

import pytest

from harness.testing import Raised

HONEST = """
import asyncio, decimal, random, threading, time
from concurrent.futures import ThreadPoolExecutor


def threads():
    seen, lock = [], threading.Lock()
    def work(number):
        with lock:
            seen.append(number)
    workers = [threading.Thread(target=work, args=(n,)) for n in range(20)]
    for worker in workers: worker.start()
    for worker in workers: worker.join()
    return sorted(seen)


def pool():
    with ThreadPoolExecutor(8) as executor:
        return list(executor.map(lambda n: n * n, range(20)))


def asynchronous():
    async def work(number):
        await asyncio.sleep(0.001)
        return number
    async def main():
        async with asyncio.timeout(5):
            return await asyncio.gather(*(work(n) for n in range(5)), asyncio.to_thread(int, "5"))
    return asyncio.run(main())


def database():
    import sqlite3
    connection = sqlite3.connect(":memory:")
    connection.execute("create table t (a)")
    connection.executemany("insert into t values (?)", [(n,) for n in range(100)])
    total = connection.execute("select sum(a) from t").fetchone()[0]
    connection.close()
    return total


def zones():
    import datetime, zoneinfo
    moment = datetime.datetime(2024, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo("UTC"))
    return moment.isoformat()


def numbers():
    import fractions, hashlib, secrets, statistics, uuid
    uuid.uuid4(), secrets.token_hex()
    decimal.getcontext().prec = 50
    return [str(decimal.Decimal(1) / 7)[:8], hashlib.sha256(b"").hexdigest()[:4],
            statistics.mean([1, 3]), str(fractions.Fraction(1, 3)), random.Random(1).random() < 1]


def sleeping():
    before = time.monotonic()
    time.sleep(0.05)
    return time.monotonic() - before >= 0.05


def introspection():
    import inspect, logging, traceback, tempfile, pprint, dataclasses
    logging.warning("to stderr")
    try:
        1 / 0
    except ZeroDivisionError:
        text = traceback.format_exc()
    return ["1 / 0" in text, "def threads" in inspect.getsource(threads)]


def use_timer():
    fired = threading.Event()
    threading.Timer(0.01, fired.set).start()
    return fired.wait(5)


def deep():
    return deep()


def open_file(): open("data.txt", "w")
def open_socket():
    import socket
    socket.socket()
def fetch():
    import urllib.request
    urllib.request.urlopen("http://127.0.0.1:9/", timeout=1)
def run():
    import subprocess
    subprocess.run(["ls"])
def fork():
    import os
    os.fork()
def process():
    import multiprocessing
    multiprocessing.Process(target=print).start()
def process_pool():
    from concurrent.futures import ProcessPoolExecutor
    with ProcessPoolExecutor(2) as executor:
        return list(executor.map(abs, [1]))
def temporary():
    import tempfile
    tempfile.TemporaryFile()
def list_here():
    import os
    os.listdir(".")
"""

WORKS = [
    ("threads", list(range(20))),
    ("pool", [n * n for n in range(20)]),
    ("asynchronous", [0, 1, 2, 3, 4, 5]),
    ("database", 4950),
    ("zones", "2024-07-01T12:00:00+00:00"),
    ("numbers", ["0.142857", "e3b0", 2, "1/3", True]),
    ("sleeping", True),
    ("introspection", [True, True]),
    ("use_timer", True),
]
FAILS = [
    ("open_file", "OSError"),
    ("open_socket", "PermissionError"),
    ("fetch", "OSError"),
    ("run", "PermissionError"),
    ("fork", "PermissionError"),
    ("process", "PermissionError"),
    ("process_pool", "OSError"),
    ("temporary", "FileNotFoundError"),
    ("list_here", "PermissionError"),
    ("deep", "RecursionError"),
]


@pytest.fixture(scope="module")
def honest_labs(labs):
    for lab in labs:
        lab.load({"solution.py": HONEST})
    return labs


@pytest.mark.parametrize(("act", "answer"), WORKS)
def test_it_works(honest_labs, act, answer):
    for lab in honest_labs:
        assert lab.box().call(act) == answer, lab.tier


@pytest.mark.parametrize(("act", "exception"), FAILS)
def test_it_fails_politely(honest_labs, act, exception):
    for lab in honest_labs:
        client = lab.box()
        with pytest.raises(Raised) as raised:
            client.call(act)
        assert exception in raised.value.names, (lab.tier, raised.value)
        assert lab.box().call("sleeping"), "the box of the next case is none the worse"
