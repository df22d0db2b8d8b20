"""Opens disks, memory and the kernel's log.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import os


def attack(hints):
    for name in ("kmsg", "mem", "sda", "vda", "ptmx"):
        os.close(os.open(f"/dev/{name}", os.O_RDONLY))
    return "escaped"
