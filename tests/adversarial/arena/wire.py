"""How an attack talks to the judge behind the back of the code that serves it."""

import json
import os
import struct
import sys

STREAM = 4


def request():
    """Channel and number of the request that is being answered, found in the callers' frames."""
    frame = sys._getframe()
    while frame is not None:
        found = frame.f_locals.get("request")
        if type(found) is list:
            return found[:2]
        frame = frame.f_back
    raise LookupError("no request is being answered")


def pack(frame):
    """Frame a JSON value without the checks of the honest side."""
    body = json.dumps(frame).encode()
    return struct.pack(">I", len(body)) + body


def send(data):
    """Write raw bytes to the judge."""
    while data:
        data = data[os.write(STREAM, data) :]


def answer(*rest):
    """Answer the open request with the rest of a frame, and let the honest side answer again."""
    send(pack([*request(), *rest]))
