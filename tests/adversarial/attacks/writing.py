"""Attempts to create or change files."""

import os
from functools import partial

from marks import attack

unchanged = partial(attack, "Nothing can be created or changed.", exempt=["process"])


@unchanged()
def attribute_of_a_library_file(hints):
    """Set an extended attribute, a note to the next box."""
    os.setxattr(os.__file__, "user.harness-escape", b"x")


@unchanged()
def compiled_file(hints):
    """Plant a compiled file in the library's cache."""
    folder = os.path.dirname(os.__file__)
    open(f"{folder}/__pycache__/harness-escape.pyc", "x").close()


@unchanged()
def control_group(hints):
    """Make a control group of its own."""
    os.mkdir("/sys/fs/cgroup/harness-escape")


@unchanged()
def database_on_disk(hints):
    """Keep a database on disk."""
    import sqlite3

    sqlite3.connect("/tmp/harness-escape.db").execute("create table t (a)")


@unchanged()
def device_node(hints):
    """Create a device file."""
    os.mknod("/tmp/harness-escape", 0o020666, os.makedev(1, 1))


@unchanged()
def file_in_shared_memory(hints):
    """Create a file in /dev/shm."""
    open("/dev/shm/harness-escape", "w").close()


@unchanged()
def file_in_tmp(hints):
    """Create a file in /tmp."""
    open("/tmp/harness-escape", "w").close()


@unchanged()
def file_where_it_stands(hints):
    """Create a file in its working folder."""
    open("harness-escape", "w").close()


@unchanged()
def file_without_a_name(hints):
    """Create a file without a name."""
    os.open("/tmp", os.O_TMPFILE | os.O_RDWR)


@unchanged()
def folder(hints):
    """Create a thousand folders inside each other."""
    path = "/tmp/harness-escape"
    for _ in range(1000):
        os.mkdir(path)
        path += "/a"


@unchanged()
def hard_link(hints):
    """Link a file it can read to a place of its own."""
    os.link(os.__file__, "/tmp/harness-escape")


@unchanged()
def kernel_settings(hints):
    """Write to the kernel's settings."""
    open("/proc/sys/kernel/core_pattern", "w").close()


@unchanged()
def library_emptied_by_reading(hints):
    """Open a library file for reading, and thereby empty it."""
    os.open(os.__file__, os.O_RDONLY | os.O_TRUNC)


@unchanged()
def library_written(hints):
    """Open a library file for writing."""
    os.open(os.__file__, os.O_RDWR)


@unchanged()
def mount_table(hints):
    """Write to its user namespace's map."""
    open("/proc/self/uid_map", "w").write("0 0 1")


@unchanged()
def named_pipe(hints):
    """Create a named pipe for the judge to hang on."""
    os.mkfifo("/tmp/harness-escape")


@unchanged()
def owner_of_a_library_file(hints):
    """Change the owner of a library file."""
    os.chown(os.__file__, os.getuid(), os.getgid())


@unchanged()
def result_file(hints):
    """Write a result file beside the suite."""
    open(hints["folder"] + "/result.json", "x").close()


@unchanged()
def start_up_file(hints):
    """Plant a sitecustomize.py beside the library."""
    folder = os.path.dirname(os.__file__)
    open(f"{folder}/sitecustomize.py", "x").close()


@unchanged()
def suite_emptied(hints):
    """Empty the hidden suite."""
    os.truncate(hints["suite"], 0)


@unchanged()
def suite_opened_to_the_world(hints):
    """Change mode, owner and times of the hidden suite."""
    os.chmod(hints["suite"], 0o777)


@unchanged()
def suite_removed(hints):
    """Remove the hidden suite."""
    os.unlink(hints["suite"])


@unchanged()
def suite_replaced(hints):
    """Rename a file over the hidden suite."""
    os.replace(os.__file__, hints["suite"])


@unchanged()
def symbolic_link(hints):
    """Create a link for the judge to follow."""
    os.symlink("/etc/passwd", "/tmp/harness-escape")


@unchanged()
def temporary_file(hints):
    """Use tempfile."""
    import tempfile

    tempfile.TemporaryDirectory()


@unchanged()
def times_of_a_library_file(hints):
    """Set the times of a library file, a note to the next box."""
    os.utime(os.__file__, (1, 1))
