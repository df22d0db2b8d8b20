from __future__ import annotations

import os

import pytest

from harness.sandbox.image import image_name


def test_alone_it_shows_what_there_is(shell):
    assert shell("sandbox") == 0
    assert "build" in shell.out


@pytest.mark.docker
def test_build_and_try(shell):
    base = os.environ.get("HARNESS_TEST_DOCKER_BASE") or "python:3.13-slim"
    document = shell.json("sandbox", "build", "--base", base)
    assert document["image"] == image_name()
    assert document["base"] == base
    assert document["protection"]["certified"] is True
    assert document["protection"]["interpreter"].startswith("CPython 3.")


@pytest.mark.docker
def test_what_judges_afterwards_is_said(shell, docker_image):
    base = os.environ.get("HARNESS_TEST_DOCKER_BASE") or "python:3.13-slim"
    assert shell("sandbox", "build", "--base", base) == 0
    assert f"Built: {docker_image} (CPython 3." in shell.out
    assert "harness --backend docker submit" in shell.out


@pytest.mark.docker
def test_a_base_that_cannot_be_had(shell):
    assert shell("sandbox", "build", "--base", "localhost:1/no-such-image") == 3
    assert "the image could not be built on localhost:1/no-such-image: " in shell.err
    assert "harness sandbox build --base IMAGE" in shell.err


def test_without_an_engine(shell, monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing")
    assert shell("sandbox", "build") == 3
    assert f"no container engine runs at {tmp_path}/nothing" in shell.err
    assert "systemctl start docker" in shell.err
