"""Says that it is imported before it is.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
alone = true
then = "judge_error"
"""

import os
import struct

body = b'[1,0,"ready"]'
os.write(4, struct.pack(">I", len(body)) + body)


def attack(hints):
    return None
