"""The filter as a program, run by a small interpreter of classic BPF; nothing is installed here."""

from __future__ import annotations

import struct

import pytest

from harness.guest.seccomp import Filter
from harness.guest.syscalls import ALLOWED, ARCHITECTURES, CONDITIONAL, REFUSED

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
PID = 4711
MACHINES = ["x86_64", "aarch64"]


def answer(machine: str, number: int, *arguments: int, arch: int | None = None) -> int:
    """What the kernel would be told to do with the call."""
    own_arch = ARCHITECTURES[machine][1]
    padded = [*arguments, *[0] * (6 - len(arguments))]
    words = [argument & (2**64 - 1) for argument in padded]
    data = struct.pack("<iIQ6Q", number, own_arch if arch is None else arch, 0, *words)
    program = list(struct.iter_unpack("HBBI", Filter(machine).program(PID)))
    accumulator, position = 0, 0
    while True:
        code, if_true, if_false, operand = program[position]
        position += 1
        if code == 0x06:
            return operand
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, operand)
        elif code == 0x54:
            accumulator &= operand
        else:
            holds = {
                0x15: accumulator == operand,
                0x35: accumulator >= operand,
                0x45: bool(accumulator & operand),
            }[code]
            position += if_true if holds else if_false


def number_of(machine: str, name: str) -> int:
    number = {**ALLOWED, **CONDITIONAL, **REFUSED}[name][ARCHITECTURES[machine][0]]
    assert number is not None
    return number


@pytest.mark.parametrize("machine", MACHINES)
def test_every_call_is_allowed_or_refused_as_the_tables_say(machine):
    column, _ = ARCHITECTURES[machine]
    allowed = {numbers[column] for numbers in ALLOWED.values()}
    conditional = {numbers[column] for numbers in CONDITIONAL.values()}
    for number in range(1024):
        if number not in conditional:
            assert answer(machine, number) == (ALLOW if number in allowed else EPERM), number


@pytest.mark.parametrize("machine", MACHINES)
def test_the_tables_do_not_overlap(machine):
    column, _ = ARCHITECTURES[machine]
    numbers = [
        numbers[column]
        for table in (ALLOWED, CONDITIONAL, REFUSED)
        for numbers in table.values()
        if numbers[column] is not None
    ]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("machine", MACHINES)
def test_other_abis_are_killed(machine):
    getpid = number_of(machine, "getpid")
    assert answer(machine, getpid, arch=0x40000003) == KILL
    assert answer(machine, getpid, arch=0) == KILL
    assert answer(machine, 0x40000000 | getpid) == KILL
    assert answer(machine, -1) == KILL


THREAD = 0x3D0F00
CLOCKS = ("clock_gettime", "clock_getres", "clock_nanosleep")
CASES = [
    ("clone", (THREAD,), ALLOW),
    ("clone", (0x7D0F00,), ALLOW),
    ("clone", (17,), EPERM),
    ("clone", (THREAD | 0x10000000,), EPERM),
    ("clone", (0,), EPERM),
    ("clone3", (0, 0), ENOSYS),
    ("kill", (PID, 9), ALLOW),
    ("kill", (-PID, 9), EPERM),
    ("kill", (0, 9), EPERM),
    ("kill", (-1, 9), EPERM),
    ("kill", (1, 9), EPERM),
    ("tgkill", (PID, PID, 6), ALLOW),
    ("tgkill", (PID + 1, PID, 6), EPERM),
    ("prlimit64", (0, 7), ALLOW),
    ("prlimit64", (PID, 7), ALLOW),
    ("prlimit64", (PID + 1, 7), EPERM),
    ("sendto", (4, 1, 1, 0, 0, 0), ALLOW),
    ("sendto", (4, 1, 1, 0, 1, 0), EPERM),
    ("sendto", (4, 1, 1, 0, 1 << 32, 0), EPERM),
    ("socketpair", (1, 1, 0), ALLOW),
    ("socketpair", (1, 0x80001, 0), ALLOW),
    ("socketpair", (1, 2, 0), EPERM),
    ("socketpair", (1, 5, 0), EPERM),
    ("socketpair", (2, 1, 0), EPERM),
    ("getsockopt", (4, 1, 3), ALLOW),
    ("getsockopt", (4, 1, 17), EPERM),
    ("getsockopt", (4, 1, 77), EPERM),
    ("getsockopt", (4, 6, 3), EPERM),
    ("pipe2", (0, 0), ALLOW),
    ("pipe2", (0, 0x80800), ALLOW),
    ("pipe2", (0, 0x80), EPERM),
    ("fcntl", (1, 3), ALLOW),
    ("fcntl", (1, 8), EPERM),
    ("fcntl", (1, 6), EPERM),
    ("fcntl", (1, 1033), EPERM),
    ("ioctl", (1, 0x5401), ALLOW),
    ("ioctl", (1, 0x5412), EPERM),
    ("prctl", (15,), ALLOW),
    ("prctl", (4, 1), EPERM),
    ("prctl", (22, 2), EPERM),
    *(("madvise", (0, 4096, advice), ALLOW) for advice in (0, 4, 8)),
    *(("madvise", (0, 4096, advice), EPERM) for advice in (1, 2, 3, 9, *range(12, 26), 100)),
    *((name, (number,), ALLOW) for name in CLOCKS for number in (0, 1, 2, 3, 7, 11)),
    *((name, (~pid << 3 | 2,), EPERM) for name in CLOCKS for pid in (0, 1, PID, PID + 1)),
    *((name, (~3 << 3 | 3,), EPERM) for name in CLOCKS),  # of a device
    ("sched_getaffinity", (0, 128), ALLOW),
    ("sched_getaffinity", (PID, 128), ALLOW),
    ("sched_getaffinity", (1, 128), EPERM),
]


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(("name", "arguments", "expected"), CASES)
def test_calls_that_depend_on_their_arguments(machine, name, arguments, expected):
    assert answer(machine, number_of(machine, name), *arguments) == expected


def test_the_program_fits_into_the_kernels_limit():
    for machine in MACHINES:
        assert len(Filter(machine).program(PID)) // 8 <= 4096


ANCHORS = {
    "x86_64": {"read": 0, "futex": 202, "clone": 56, "openat": 257, "statx": 332, "ptrace": 101},
    "aarch64": {"read": 63, "futex": 98, "clone": 220, "openat": 56, "statx": 291, "ptrace": 117},
}


@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_known_by_heart(machine):
    for name, number in ANCHORS[machine].items():
        assert number_of(machine, name) == number
