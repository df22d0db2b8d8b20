"""The check ``outside``: what a source uses of the world outside, by whatever name."""

from __future__ import annotations

import pytest

from harness.authoring.checks.outside import uses

HIDDEN = "level2/test_hidden.py"
ASKS = [
    ("import time\ntime.time()\n", 2, "time.time"),
    ("import time as t\n\nt.perf_counter_ns()\n", 3, "time.perf_counter_ns"),
    ("from time import monotonic as now\nclock = now\n", 2, "time.monotonic"),
    ("import time\ntime.sleep(1)\n", 2, "time.sleep"),
    ("import time\ntime.localtime()\n", 2, "time.localtime()"),
    ("import datetime\ndatetime.datetime.now()\n", 2, "datetime.datetime.now"),
    ("from datetime import datetime as d\nd.now(tz=None)\n", 2, "datetime.datetime.now"),
    ("from datetime import date\ndate.today()\n", 2, "datetime.date.today"),
    ("import os\nos.urandom(1)\n", 2, "os.urandom"),
    ("import uuid\nuuid.uuid4()\n", 2, "uuid.uuid4"),
    ("import random\nrandom.shuffle([])\n", 2, "random.shuffle"),
    ("import random\nrandom.Random()\n", 2, "random.Random()"),
    ("import secrets\n", 1, "secrets"),
    ("from secrets import token_hex\n", 1, "secrets"),
    ("import socket\n", 1, "socket"),
    ("import http.client\n", 1, "http"),
    ("from urllib import request\n", 1, "urllib.request"),
    ("import urllib.request as r\n", 1, "urllib.request"),
    ("import os\nos.environ.get('LOGNAME')\n", 2, "os.environ"),
    ("from os import getenv\ngetenv('HOME')\n", 2, "os.getenv"),
    ("import sys\nif sys.platform == 'linux': pass\n", 2, "sys.platform"),
    ("from pathlib import Path\nPath.home()\n", 2, "pathlib.Path"),
    ("import os\nos.path.exists('a')\n", 2, "os.path.exists"),
    ("from os import path\npath.getmtime('a')\n", 2, "os.path.getmtime"),
    ("import os\nos.environb[b'HOME']\n", 2, "os.environb"),
    ("import os\nos.getppid()\n", 2, "os.getppid"),
    ("import os as system\nsystem.listdir('.')\n", 2, "os.listdir"),
    ("from os import environ as given\ngiven['HOME']\n", 2, "os.environ"),
    ("import sys\nlimit = sys.maxsize\n", 2, "sys.maxsize"),
    ("from sys import version_info\nversion_info >= (3, 12)\n", 2, "sys.version_info"),
    ("from tempfile import mkdtemp\n", 1, "tempfile"),
    ("with open('a') as file: pass\n", 1, "open"),
    ("hash('a') % 2\n", 1, "hash"),
    ("time_zone = __import__('x')\nid(time_zone)\n", 2, "id"),
    ("import platform\n", 1, "platform"),
    ("import os.path\nos.environ['HOME']\n", 2, "os.environ"),
]
QUIET = [
    "import random\nrandom.Random(7).shuffle([])\n",
    "import random\nrng = random.Random('a')\nrng.random()\n",
    "def test_it(rng):\n    rng.shuffle([])\n",
    "from datetime import datetime, timedelta\ndatetime(2026, 1, 1) + timedelta(1)\n",
    "import time\ntime.gmtime(0)\n",
    "from urllib.parse import quote\nquote('a')\n",
    "import threading\nthreading.Event().wait(1)\n",
    "class Clock:\n    def time(self): return 0\ntime = Clock()\ntime.time()\n",
    "from .time import time\ntime()\n",
    "import os\nos.path.join('a', 'b')\n",
    "import sys\nsys.exc_info()\n",
    "from pathlib import PurePosixPath\nPurePosixPath('a').name\n",
    "def open(door): pass\nopen(1)\n",
    "def test_it(store):\n    for id in (1, 2): store.get(id)\n",
    "class Shop:\n    def open(self): pass\nShop().open()\n",
]


@pytest.mark.parametrize(("source", "line", "name"), ASKS)
def test_what_asks(source, line, name):
    assert [use[:2] for use in uses(source)] == [(line, name)]


@pytest.mark.parametrize("source", QUIET)
def test_what_does_not(source):
    assert uses(source) == []


def test_a_suite_that_asks_the_world_outside(bench, single):
    line = bench.add("import random\nimport time\n\n\ndef test_nap(rng):\n    time.sleep(1)\n")
    finding = single("outside")
    assert finding.message == "time.sleep depends on the real clock."
    assert (finding.path, finding.line) == (bench.root / HIDDEN, line + 5)


def test_a_reference_that_asks_the_world_outside(bench, single):
    bench.add("import os\nTOKEN = os.urandom(4)\n", "reference/level1/solution.py")
    finding = single("outside")
    assert finding.message == "os.urandom depends on chance."
    assert finding.path == bench.root / "reference" / "level1" / "solution.py"


def test_a_reference_that_is_no_python_is_not_for_this_check(bench):
    bench.add("def\n", "reference/level1/solution.py")
    assert bench.check("outside") == []
