"""Attempts to read what a candidate must not know."""

import ctypes
import gc
import os
import socket
import sys
from functools import partial

import kernel
from marks import attack

closed = partial(attack, "The file cannot be opened.", exempt=["process"])


@closed()
def accounts(hints):
    """Read the accounts of the machine."""
    open("/etc/passwd").read()


@attack("There are none.")
def arguments_of_the_process(hints):
    """Look for paths of the judge in its command line."""
    words = [*sys.argv, *sys.orig_argv]
    assert any(hints["folder"] in word or "policy" in word for word in words)


@closed()
def block_devices(hints):
    """Open disks, memory and the kernel's log."""
    for name in ("kmsg", "mem", "sda", "vda", "ptmx"):
        os.close(os.open(f"/dev/{name}", os.O_RDONLY))


@closed()
def code_of_the_harness(hints):
    """Read the code of the judge, to find a hole in it."""
    os.listdir(hints["harness"])
    open(hints["harness"] + "/__init__.py").read()


@closed()
def command_of_the_parent(hints):
    """Read the command line of the judge's parent."""
    open(f"/proc/{hints['parent']}/cmdline").read()


@attack("The call is refused.", exempt=["process"])
def compares_kernel_objects(hints):
    """Ask the kernel whether the judge has the same files open."""
    kernel.system_call("kcmp", os.getpid(), hints["judge"], 0, 4, 4)


@closed()
def copies_by_the_kernel(hints):
    """Have the kernel copy the suite into its output."""
    os.sendfile(1, os.open(hints["suite"], os.O_RDONLY), 0, 100)


@closed()
def descriptor_of_a_path(hints):
    """Open the suite by O_PATH and then through /proc/self/fd."""
    found = os.open(hints["suite"], os.O_PATH)
    os.read(os.open(f"/proc/self/fd/{found}", os.O_RDONLY), 10)


@attack("None is open.")
def descriptors_left_open(hints):
    """Try every descriptor for something left open."""
    for number in (3, *range(5, 1024)):
        try:
            os.fstat(number)
        except OSError:
            continue
        break
    else:
        raise LookupError("none is open")


@closed()
def descriptors_of_the_judge(hints):
    """List and open the judge's descriptors."""
    for number in os.listdir(f"/proc/{hints['judge']}/fd"):
        os.readlink(f"/proc/{hints['judge']}/fd/{number}")


@closed()
def environment_of_the_judge(hints):
    """Read the judge's environment."""
    open(f"/proc/{hints['judge']}/environ", "rb").read()


@attack("The call is refused.", exempt=["process"])
def file_by_handle(hints):
    """Open a file by a handle instead of its name."""
    kernel.system_call("open_by_handle_at", -100, ctypes.c_char_p(bytes(64)), 0)


@closed()
def folder_of_the_judge(hints):
    """Follow the judge's root and working folder."""
    os.listdir(f"/proc/{hints['judge']}/root")


@closed()
def folder_of_the_suite(hints):
    """List the folder of the hidden suite."""
    os.listdir(hints["folder"])


@attack(
    "They end in the box's own first frame.", words="'NoneType' object has no attribute 'f_locals'"
)
def frames_up_to_the_zygote(hints):
    """Walk the frames below it for the judge's secrets."""
    frame = sys._getframe()
    while not any("SECRET" in str(key) for key in frame.f_locals | frame.f_globals):
        frame = frame.f_back


@closed()
def hidden_suite(hints):
    """Open the hidden suite, whose path it knows."""
    open(hints["suite"]).read()


@attack("The file cannot be opened.")
def library_by_ctypes(hints):
    """Let the dynamic loader open the suite."""
    ctypes.CDLL(hints["suite"])


@closed()
def memory_of_the_judge(hints):
    """Read the judge's memory."""
    open(f"/proc/{hints['judge']}/mem", "rb").read(0)
    open(f"/proc/{hints['judge']}/maps").read()


@closed()
def memory_of_the_zygote(hints):
    """Read the memory of the process it was forked from."""
    parent = os.getppid() or 1
    open(f"/proc/{parent}/mem", "rb").read(0)
    open(f"/proc/{parent}/environ", "rb").read()


@closed()
def network_of_the_machine(hints):
    """Read the machine's connections."""
    open("/proc/net/tcp").read()


@attack("There are none.", verdicts=["runtime_error", "time_limit"])
def objects_of_the_collector(hints):
    """Look through all objects for the suite's or the policy's."""
    found = [
        thing
        for thing in gc.get_objects()
        if type(thing) is dict and ("protected" in thing or "HINTS" in thing)
    ]
    assert found


@attack("None can be read.", exempt=["process"])
def other_submissions(hints):
    """Look for another box's process and read it."""
    for pid in range(2, 200):
        if pid != os.getpid():
            try:
                open(f"/proc/{pid}/mem", "rb").close()
            except OSError:
                continue
            break
    else:
        raise LookupError("none can be read")


@closed()
def own_memory_map(hints):
    """Read its own memory map for addresses and paths."""
    open("/proc/self/maps").read()


@closed()
def path_by_dot_dots(hints):
    """Reach the suite by dots from a folder that can be read."""
    folder = os.path.dirname(os.__file__)
    os.close(os.open(folder + "/.." * 20 + hints["suite"], os.O_RDONLY))


@closed()
def path_from_a_folder_descriptor(hints):
    """Reach the suite from the descriptor of a readable folder."""
    folder = os.open(os.path.dirname(os.__file__), os.O_RDONLY)
    os.close(os.open("../" * 20 + hints["suite"][1:], os.O_RDONLY, dir_fd=folder))


@attack("The call is refused.", exempt=["process"])
def peer_of_the_stream(hints):
    """Ask the kernel who holds the other end of its stream."""
    stream = socket.socket(fileno=os.dup(4))
    stream.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)


@closed()
def root_folder(hints):
    """List the root, /tmp and every folder above."""
    for path in ("/tmp", "/home", "/root", "..", "/"):
        os.listdir(path)


@closed()
def source_by_linecache(hints):
    """Let linecache, zipimport and runpy read the suite."""
    import runpy

    runpy.run_path(hints["suite"])


@attack("Its callers belong to the box.")
def suite_by_inspect(hints):
    """Ask inspect for the source of its callers."""
    import inspect

    text = "".join(frame.filename for frame in inspect.stack())
    assert "test_hidden" in text


@attack("The file cannot be opened.")
def suite_by_sqlite(hints):
    """Let the sqlite library open the suite."""
    import sqlite3

    sqlite3.connect(f"file:{hints['suite']}?mode=ro", uri=True).execute(
        "select 1 from sqlite_master"
    )


@closed()
def terminal(hints):
    """Open the terminal of whoever runs the judge."""
    os.open("/dev/tty", os.O_RDWR)


@attack("The environment is built from nothing.")
def variables_of_the_user(hints):
    """Look for the person's variables in its environment."""
    home = os.environ["HARNESS_HOME"]
    assert home
