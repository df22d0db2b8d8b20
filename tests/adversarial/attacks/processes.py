"""Processes: new ones, and others' memory."""

import os
import struct
from functools import partial

import kernel
from marks import attack

refused = partial(attack, "The call is refused.", exempt=["process"])


@refused()
def adopts_orphans(hints):
    """Make itself the parent of orphans."""
    kernel.function("prctl", 36, 1, 0, 0, 0)


@refused()
def becomes_dumpable(hints):
    """Make itself readable to debuggers."""
    kernel.function("prctl", 4, 1, 0, 0, 0)


@refused()
def becomes_root(hints):
    """Set its user to root."""
    os.setuid(0)


@refused()
def clone_into_a_user_namespace(hints):
    """Clone into a user namespace, where it would be root."""
    kernel.system_call("clone", 0x10000000 | 17)


@refused()
def clone_of_its_parent(hints):
    """Clone a brother that its parent does not know."""
    kernel.system_call("clone", 0x8000 | 17)


@refused()
def fork(hints):
    """Fork."""
    if os.fork() == 0:
        os._exit(0)


@refused()
def fork_bomb(hints):
    """Fork endlessly."""
    while True:
        os.fork()


@refused()
def joins_groups(hints):
    """Join the group of root."""
    os.setgroups([0])


@refused()
def outlives_its_parent(hints):
    """Clear the signal that ends it with its parent."""
    kernel.function("prctl", 1, 0, 0, 0, 0)


@refused()
def process_pool(hints):
    """Use a pool of processes."""
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(2) as pool:
        list(pool.map(abs, [1]))


@refused()
def program(hints):
    """Replace itself by a program."""
    os.execv("/bin/true", ["true"])


@refused()
def program_in_memory(hints):
    """Run a program from a file in memory."""
    program = os.memfd_create("escape")
    os.execve(program, ["x"], {})


@refused()
def reads_the_judge_as_a_debugger(hints):
    """Read the judge's memory as a debugger does."""
    vector = struct.pack("PN", 0, 0)
    kernel.function("process_vm_readv", hints["judge"], vector, 1, vector, 1, 0)


@refused()
def session_of_its_own(hints):
    """Leave its session and its group."""
    os.setpgid(0, 0)
    os.setsid()


@refused()
def shell(hints):
    """Run a shell command."""
    if os.system("true") != 0:
        raise OSError("no shell")


@refused()
def spawn(hints):
    """Run a program by posix_spawn."""
    os.posix_spawn("/bin/true", ["true"], {})


@refused()
def subprocess(hints):
    """Run a program by subprocess."""
    import subprocess

    subprocess.run(["/bin/true"], check=True)


@refused()
def takes_a_descriptor_of_the_judge(hints):
    """Take a descriptor out of the judge."""
    judge = os.pidfd_open(hints["judge"])
    kernel.system_call("pidfd_getfd", judge, 3, 0)


@refused()
def traced_by_its_parent(hints):
    """Ask to be traced, so that signals stop it for good."""
    kernel.function("ptrace", 0, 0, 0, 0)


@refused()
def traces_the_judge(hints):
    """Seize the judge as a debugger."""
    kernel.function("ptrace", 0x4206, hints["judge"], 0, 0)


@refused()
def vfork(hints):
    """Fork by vfork."""
    kernel.system_call("clone", 0x4000 | 0x100 | 17)


@refused()
def worker_process(hints):
    """Start a process by multiprocessing."""
    import multiprocessing

    multiprocessing.Process(target=int).start()


@refused()
def writes_into_the_judge(hints):
    """Write into the judge's memory as a debugger does."""
    vector = struct.pack("PN", 0, 0)
    kernel.function("process_vm_writev", hints["judge"], vector, 1, vector, 1, 0)
