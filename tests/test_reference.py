"""The reference has every public name, and docstrings say what the signatures say.

The package is read as text, so that nothing has to be installed that an adapter adapts to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import griffe
from tools.documentation import commands

import steepest as st
from steepest.cli.app import COMMANDS, shell

ROOT = Path(__file__).resolve().parents[1]
DIRECTIVE = re.compile(r"^::: (\S+)$", re.MULTILINE)
ESTIMATORS = ["steepest.sklearn.DescentClassifier", "steepest.sklearn.DescentRegressor"]

READY_MADE = {f"steepest.losses.{name}" for name in ("sse", "mse", "rmse", "mae")}
"""Losses with their defaults; their classes are in the reference, and its page names them."""


@cache
def package() -> Any:
    """Return the package as its source says it."""
    return griffe.load("steepest", search_paths=[str(ROOT / "src")], docstring_parser="numpy")


def public_names() -> list[str]:
    """Return every public name: of the package, and of the modules that it gives away."""
    own = {name for names in st.HOMES.values() for name in names}
    found = [f"steepest.{name}" for name in own]
    for room, home in st.ROOMS.items():
        module = package()[home.removeprefix("steepest.")]
        exported = module.exports or [
            name
            for name, member in module.members.items()
            if not member.is_alias and not name.startswith("_") and not member.is_attribute
        ]
        found += [f"steepest.{room}.{name}" for name in exported]
    return sorted(found)


def the_object(name: str) -> Any:
    """Return what a public name stands for."""
    found = package()[name.removeprefix("steepest.")]
    return found.final_target if found.is_alias else found


def documented() -> list[Any]:
    """Return every public function and class."""
    objects = (the_object(name) for name in public_names() + ESTIMATORS if name not in READY_MADE)
    return [one for one in objects if one.is_function or one.is_class]


def everything(inside: Any) -> Iterator[Any]:
    """Go through all functions and classes of the package."""
    for member in inside.members.values():
        if member.is_alias:
            continue
        if member.is_function or member.is_class:
            yield member
        if member.is_module or member.is_class:
            yield from everything(member)


def told(one: Any) -> list[str]:
    """Return the parameters that a docstring lists."""
    sections = one.docstring.parse("numpy", warn_unknown_params=False) if one.docstring else []
    return [
        parameter.name.lstrip("*")
        for section in sections
        if section.kind is griffe.DocstringSectionKind.parameters
        for parameter in section.value
    ]


def taken(one: Any) -> list[str]:
    """Return the parameters of a signature."""
    return [each.name.lstrip("*") for each in one.parameters if each.name not in ("self", "cls")]


def test_every_public_name_is_in_the_reference() -> None:
    pages = (ROOT / "docs" / "reference").glob("*.md")
    listed = [name for page in pages for name in DIRECTIVE.findall(page.read_text("utf-8"))]
    assert len(listed) == len(set(listed)), "a name is there twice"
    # `stopping.Reason` is `Reason`: what counts is that the object is there.
    there = {the_object(name).path for name in listed}
    wanted = {the_object(name).path for name in public_names() if name not in READY_MADE}
    assert wanted - there == set()
    page = (ROOT / "docs" / "reference" / "losses.md").read_text("utf-8")
    assert all(f"`{name.rpartition('.')[2]}`" in page for name in READY_MADE)


def test_every_public_name_has_an_example() -> None:
    found = [(one.path, one.docstring.value if one.docstring else "") for one in documented()]
    assert [path for path, text in found if ">>>" not in text] == []


def test_every_public_function_tells_all_of_its_parameters() -> None:
    functions = [one for one in documented() if one.is_function]
    wrong = [f"{one.path}: {told(one)}" for one in functions if told(one) != taken(one)]
    assert wrong == []


def test_docstrings_list_parameters_by_the_names_and_in_the_order_of_the_signature() -> None:
    wrong = []
    for one in everything(package()):
        left = iter(taken(one))
        if not all(any(name == other for other in left) for name in told(one)):
            wrong.append(f"{one.path}: {told(one)}, but the signature has {taken(one)}")
    assert wrong == []


def test_the_reference_of_the_command_line_has_every_command_and_option() -> None:
    page = commands()
    context = click.Context(shell, info_name="steepest")
    for name in COMMANDS:
        assert f"## steepest {name}\n" in page
        command = shell.get_command(context, name)
        assert command is not None
        section = page.partition(f"## steepest {name}\n")[2].partition("\n## ")[0]
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert all(option in section for option in parameter.opts), parameter.opts
