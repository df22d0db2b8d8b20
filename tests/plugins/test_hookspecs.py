"""Each hook is documented to the letter, and is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.plugins import PluginHost, hookspecs

DOCS = Path(__file__).parents[2] / "docs" / "plugins.md"
HOOKS = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("harness_")}


def signature_of(hook: Callable[..., object]) -> str:
    signature = inspect.signature(hook)
    arguments = ", ".join(f"{p.name}: {p.annotation}" for p in signature.parameters.values())
    return f"{hook.__name__}({arguments}) -> {signature.return_annotation}"


@pytest.mark.parametrize("name", HOOKS)
def test_the_docs_have_its_exact_signature(name: str) -> None:
    assert f"### `{signature_of(HOOKS[name])}`\n" in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", HOOKS)
def test_the_docs_say_what_its_docstring_says(name: str) -> None:
    first_line = (HOOKS[name].__doc__ or "").strip().replace("``", "`")
    assert first_line
    assert first_line in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", HOOKS)
def test_the_host_has_a_method_that_calls_it(name: str) -> None:
    method = getattr(PluginHost, name.removeprefix("harness_"))
    assert f'"{name}"' in inspect.getsource(method)
    assert list(inspect.signature(method).parameters)[1:] == list(
        inspect.signature(HOOKS[name]).parameters
    )


def test_the_docs_describe_no_other_hook() -> None:
    headings = [
        line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("### `")
    ]
    assert len(headings) == len(HOOKS)
