"""Says that it is imported, and never is.

safe = "Nobody answers the case."
verdicts = ["time_limit"]
alone = true
then = "time_limit"
"""

import os
import struct
import time

body = b'[1,0,"ready"]'
os.write(4, struct.pack(">I", len(body)) + body)
time.sleep(1000)
