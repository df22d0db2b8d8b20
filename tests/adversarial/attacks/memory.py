"""Code that takes more memory than the limit."""

import itertools
import mmap
import threading
import zlib
from functools import partial

from marks import attack

limited = partial(
    attack, "The box's memory is limited.", verdicts=["memory_limit", "runtime_error", "time_limit"]
)


@limited()
def bomb_of_compression(hints):
    """Unpack zeros that were packed a thousandfold."""
    packed = zlib.compress(bytes(100_000_000), 9)
    kept = []
    while True:
        kept.append(zlib.decompress(packed))


@limited()
def bomb_of_entities(hints):
    """Parse a million laughs."""
    import xml.etree.ElementTree

    lol = "".join(f'<!ENTITY l{n} "{"&l%d;" % (n - 1) * 10}">' for n in range(1, 12))
    xml.etree.ElementTree.fromstring(f'<!DOCTYPE x [<!ENTITY l0 "lol">{lol}]><x>&l11;</x>')
    return


@limited()
def from_threads(hints):
    """Allocate from many threads at once."""
    kept = []
    for _ in range(20):
        threading.Thread(target=lambda: kept.append(bytearray(50_000_000))).start()
    while True:
        kept.append(bytearray(1_000_000))


@limited()
def large_blocks(hints):
    """Allocate large blocks endlessly."""
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


@limited()
def large_number(hints):
    """Compute a number of a gigabyte."""
    return 1 << (8 << 30)


@limited()
def long_text(hints):
    """Multiply a text."""
    return "x" * (1 << 33)


@limited()
def one_block(hints):
    """Allocate more at once than there is."""
    return bytearray(1 << 40)


@limited()
def shared_mapping(hints):
    """Map shared memory, which some limits do not count."""
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 50_000_000))
        kept[-1].write(bytes(50_000_000))


@limited()
def small_objects(hints):
    """Allocate small objects endlessly."""
    kept = []
    while True:
        kept += [[] for _ in range(10_000)]


@limited()
def swallowed_errors(hints):
    """Swallow every MemoryError and go on."""
    kept = []
    while True:
        try:
            kept.append(bytearray(1_000_000))
        except MemoryError:
            kept.append(None)


@limited()
def table_of_hashes(hints):
    """Fill a dictionary endlessly."""
    table = {}
    for number in itertools.count():
        table[number] = str(number)
