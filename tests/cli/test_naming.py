"""Which problems the commands of an author mean: by name, by path, by the pack around."""

from __future__ import annotations

import shutil

import pytest

from harness.errors import ExitCode
from harness.model.finding import Check


@pytest.fixture
def mine(shell, tmp_path):
    """A pack that no setting names, with the problem `hops`."""
    pack = tmp_path / "mine"
    for name in ("problems", "solutions_template"):
        shutil.copytree(tmp_path / "pack" / name / "steps", pack / name / "hops")
    manifest = pack / "problems/hops/problem.toml"
    manifest.write_text(manifest.read_text().replace('"steps"', '"hops"'))
    return pack


def content(plugins):
    """Stand in for all checks."""
    return [Check(name="content", title="all is well", run=lambda subject: ())]


def add(pack, slug):
    """Add a copy of `hops` to the pack."""
    for name in ("problems", "solutions_template"):
        shutil.copytree(pack / name / "hops", pack / name / slug)
    manifest = pack / f"problems/{slug}/problem.toml"
    manifest.write_text(manifest.read_text().replace('"hops"', f'"{slug}"'))


def checked(shell, *names):
    """Return the problems that `check` examines."""
    document = shell.json("author", "check", *names, "--only", "version")
    return sorted({result["slug"] for result in document["results"]})


@pytest.mark.parametrize("folder", [".", "problems", "problems/hops/level1", "solutions_template"])
def test_without_a_name_the_pack_around_is_checked(shell, mine, folder):
    add(mine, "skips")
    shell.cd(mine / folder)
    assert checked(shell) == ["hops", "skips"]


def test_outside_of_any_pack_all_are_checked(shell, mine):
    assert {"kv_store", "steps"} <= set(checked(shell))
    assert "hops" not in checked(shell)


@pytest.mark.parametrize("named", ["mine", "./mine", "mine/"])
def test_the_path_of_a_pack_means_its_problems(shell, mine, named):
    add(mine, "skips")
    assert checked(shell, named) == ["hops", "skips"]
    assert checked(shell, "steps", named) == ["hops", "skips", "steps"]


def test_a_name_means_a_problem_of_the_pack_around(shell, mine):
    shell.cd(mine)
    assert checked(shell, "hops") == ["hops"]
    assert checked(shell, "Hops") == ["hops"]
    assert checked(shell, "steps") == ["steps"]  # of a pack that the settings name
    assert shell("author", "check", "hop") == ExitCode.USAGE
    assert "Did you mean hops?" in shell.err
    assert shell("author", "check", "kv_stor") == ExitCode.USAGE
    assert "Did you mean kv_store?" in shell.err


def test_an_unknown_name_says_that_a_path_will_do(shell, mine):
    """As when a finding about a problem that was checked by its path advises `release hops`."""
    assert shell("author", "release", "hops", "--version", "1.0.0", "-m", "First.") == 2
    assert "There is no problem 'hops'." in shell.err
    assert "or give the path of the problem's folder" in shell.err


def test_the_pack_around_wins_over_one_that_is_installed(shell, mine):
    add(mine, "steps")
    shell.cd(mine)
    assert shell("author", "release", "steps", "--version", "1.0.0", "-m", "First.") == 0
    assert (mine / "problems/steps/versions.toml").is_file()


def test_release_takes_a_path_and_the_only_problem_of_the_pack_around(shell, mine):
    words = ("-m", "Words.")
    assert shell("author", "release", "mine/problems/hops", "--version", "1.0.0", *words) == 0
    versions = mine / "problems/hops/versions.toml"
    assert 'version = "1.0.0"' in versions.read_text()
    shell.cd(mine / "problems")
    assert shell("author", "release", "--version", "1.2.0", *words) == 0
    assert 'version = "1.2.0"' in versions.read_text()


def test_prove_takes_a_path(shell, mine, monkeypatch):
    monkeypatch.setattr("harness.cli.checking.all_checks", content)
    assert shell("author", "prove", "mine/problems/hops") == 0
    assert (mine / "problems/hops/proof.toml").is_file()


def test_prove_without_a_name_proves_no_pack_that_is_not_around(shell, mine, monkeypatch):
    monkeypatch.setattr("harness.cli.checking.all_checks", content)
    assert shell("author", "prove") == ExitCode.USAGE
    assert "harness author prove SLUG" in shell.err
    shell.cd(mine)
    assert shell("author", "prove") == 0
    assert (mine / "problems/hops/proof.toml").is_file()


@pytest.mark.parametrize(
    "command",
    [("preview",), ("run", "--solution", "."), ("fuzz",)],
    ids=lambda words: words[0],
)
def test_one_problem_is_wanted(shell, mine, command):
    name, *rest = command
    assert shell("author", name, *rest) == ExitCode.USAGE
    assert "Which problem? The current folder is not in a pack." in shell.err
    assert f"harness author {name} SLUG" in shell.err
    add(mine, "skips")
    assert shell("author", name, "mine", *rest) == ExitCode.USAGE
    assert f"Which problem? {mine} has hops, skips." in shell.err
    assert f"harness author {name} {mine}/problems/hops" in shell.err


def test_the_only_problem_of_the_pack_around_is_previewed_and_run(shell, mine):
    shell.monkeypatch.setenv("HARNESS_BACKEND", "process")
    shell.cd(mine / "problems/hops")
    assert shell.json("author", "preview")["slug"] == "hops"
    assert shell("author", "run", "--solution", "reference/level2") == 0


def test_a_pack_without_problems_says_how_to_begin(shell, mine):
    shutil.rmtree(mine / "problems/hops")
    for where in ("mine", None):
        assert shell("author", "check", *[where] * (where is not None)) == ExitCode.USAGE
        assert f"There is no problem in {mine / 'problems'}." in shell.err
        assert f"harness author new SLUG --dir {mine}" in shell.err
        shell.cd(mine)


def test_a_broken_manifest_is_checked_again_by_its_path(shell, mine):
    root = mine / "problems/hops"
    manifest = root / "problem.toml"
    manifest.write_text(manifest.read_text().replace("minutes = 30", "minute = 30"))
    assert shell("author", "check", "mine/problems/hops") == ExitCode.PACK
    assert f"hint: harness author check {root}  # after the correction" in shell.err


def test_a_sealed_problem_is_refused_in_words(shell, mine, tmp_path):
    import zipfile

    assert shell("author", "pack", "mine", "--sealed", "--into", "dist") == 0
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    shell.monkeypatch.setenv("HARNESS_PACKS", str(tmp_path / "site/harness_pack_mine"))
    for command in (
        ("preview", "hops"),
        ("release", "hops", "--version", "1.1.0", "-m", "Words."),
        ("check", "hops"),
        ("check", "site/harness_pack_mine"),
    ):
        assert shell("author", *command) == ExitCode.USAGE, command
        assert "hops is sealed: an author's tools need its files." in shell.err
    shell.cd(tmp_path / "site/harness_pack_mine")
    assert shell("author", "check") == ExitCode.USAGE  # and no success with nothing checked
    assert "hops is sealed" in shell.err
