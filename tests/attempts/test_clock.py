from __future__ import annotations

import sys
import time

from harness.attempts.clock import read_boot_id, read_clocks, sysctl_text


def test_readings_of_one_boot_move_together():
    before = read_clocks()
    time.sleep(0.02)
    after = read_clocks()
    assert after.boot_id == before.boot_id
    assert after.boottime - before.boottime >= 0.02
    assert after.monotonic - before.monotonic >= 0.02
    assert abs(after.wall - time.time()) < 5


def test_the_boot_id_is_known_where_the_system_has_one():
    if sys.platform in ("linux", "darwin"):
        assert read_clocks().boot_id


def test_no_boot_id_where_the_file_is_missing(tmp_path):
    assert read_boot_id(tmp_path / "boot_id") == ""


def test_the_boot_id_is_the_text_without_the_newline(tmp_path):
    (tmp_path / "boot_id").write_text("409ce89f-938f\n")
    assert read_boot_id(tmp_path / "boot_id") == "409ce89f-938f"


def test_sysctl_gives_the_text_the_system_wrote():
    asked = []

    def sysctlbyname(name, buffer, size, new, new_size):
        asked.append(name)
        buffer.value = b"AB12-CD34"
        return 0

    assert sysctl_text("kern.bootsessionuuid", sysctlbyname) == "AB12-CD34"
    assert asked == [b"kern.bootsessionuuid"]


def test_sysctl_that_fails_gives_nothing():
    assert sysctl_text("kern.bootsessionuuid", lambda *_: -1) == ""
