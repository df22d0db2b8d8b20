"""Silence and half frames on the stream to the judge."""

import os
import socket
import sys
import threading
import time

import wire
from marks import attack


@attack(
    "An unreadable stream is a failure.", verdicts=["runtime_error", "judge_error", "time_limit"]
)
def byte_out_of_band(hints):
    """Send a byte out of band, which wakes the judge and cannot be read in order."""
    stream = socket.socket(fileno=os.dup(wire.STREAM))
    stream.send(wire.pack([*wire.request(), "return", "escaped"]), socket.MSG_OOB)
    time.sleep(0.1)


@attack(
    "An unread answer ends the case, whatever the suite expects.",
    words="deeper than Python's stack",
    case="""
import sys
def follow(thing):
    return follow(thing.next)
deepest = sys.getrecursionlimit()
sys.setrecursionlimit(500)  # soon enough on a busy machine, too
try:
    with pytest.raises(RecursionError):
        follow(attack(HINTS))
finally:
    sys.setrecursionlimit(deepest)
""",
)
def chain_without_end(hints):
    """Lead a suite along its objects deeper than the stack, where no answer can be read."""

    class Link:
        @property
        def next(self):
            return Link()

    return Link()


@attack("The judge sees its end.")
def closes_its_stream(hints):
    """Close the stream to the judge."""
    os.close(4)
    time.sleep(30)


@attack("The end of the process is the failure.", verdicts=["runtime_error"])
def dies_in_half_a_frame(hints):
    """End its process in the middle of a frame."""
    wire.send(b"\x00\x00\x10\x00[1,")
    os._exit(0)


@attack("The judge sees its end.")
def half_closes_its_stream(hints):
    """Close the half of the stream it answers on, and live on."""
    socket.socket(fileno=os.dup(wire.STREAM)).shutdown(socket.SHUT_WR)
    time.sleep(60)


@attack(
    "Steps are counted, and the deadline stands.",
    verdicts=["time_limit", "runtime_error"],
    case="assert list(attack(HINTS)) == [SECRET]",
)
def hands_out_objects_for_ever(hints):
    """Answer every step of an iteration with a new object."""
    while True:
        yield object()


@attack(
    "The case's deadline ends it.",
    verdicts=["time_limit"],
    case="""
attack(HINTS)
assert attack('x' * 3_000_000) == SECRET
""",
)
def never_reads_requests(hints):
    """Stop reading, so that the judge's write would block."""
    server = sys.modules["_harness_guest.connection"]
    server.Connection.receive = lambda *_: threading.Event().wait()


@attack("The judge's end sees the stream closed.")
def replaces_its_stream(hints):
    """Put /dev/zero in place of the stream."""
    os.dup2(os.open("/dev/zero", os.O_RDONLY), 4)
    time.sleep(30)


@attack("The case's deadline ends it.", verdicts=["time_limit"])
def sends_a_byte_at_a_time(hints):
    """Send single bytes, each before the judge loses patience."""
    wire.send(b"\x00\x10\x00\x00")
    while True:
        wire.send(b"[")
        time.sleep(0.01)


@attack("The case's deadline ends it.", verdicts=["time_limit"])
def sends_half_a_frame(hints):
    """Send half a frame and fall silent."""
    wire.send(b"\x00\x00\x10\x00[1,")
    time.sleep(30)


@attack("The case's deadline ends it.", verdicts=["time_limit"])
def sends_half_a_header(hints):
    """Send half a header and fall silent."""
    wire.send(b"\x00\x00")
    time.sleep(30)


@attack("The judge sees its end.")
def shuts_the_stream_down(hints):
    """Shut the stream down in both directions and live on."""
    socket.socket(fileno=os.dup(4)).shutdown(socket.SHUT_RDWR)
    time.sleep(30)


@attack(
    "Nothing can be asked any more.",
    case="""
assert attack(HINTS) == ESCAPED
assert attack(HINTS) == ESCAPED
""",
)
def stops_listening(hints):
    """Close the half of the stream it is asked on, and answer once more."""
    socket.socket(fileno=os.dup(wire.STREAM)).shutdown(socket.SHUT_RD)
    return "escaped"


@attack("It changes only its own side.", verdicts=["runtime_error", "wrong_answer", "time_limit"])
def turns_its_stream_nonblocking(hints):
    """Make the stream non-blocking and answer with four megabytes."""
    os.set_blocking(4, False)
    return "x" * 3_500_000
