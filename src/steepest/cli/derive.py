"""``steepest derive``: derivatives as formulas, as a program, and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from steepest.cli.command import declared, formula_argument
from steepest.cli.functions import check_point, read_function
from steepest.cli.output import notice, print_json
from steepest.cli.values import read_point

if TYPE_CHECKING:
    from steepest.functions import Function
    from steepest.functions.check import GradientCheck


@declared("derive", 'steepest derive "x**3 - 4*x - y**2" --at x=1.8,y=-1')
@formula_argument
@click.option("--at", metavar="x=1,y=2", help="Evaluate here, and check against differences.")
@click.option("--latex", is_flag=True, help="Show the formulas as LaTeX.")
def command(formula: str, at: str | None, latex: bool, as_json: bool, quiet: bool) -> int:
    """Show the partial derivatives of FORMULA, its program, and a numerical check."""
    from steepest.functions.check import check_gradient

    function = read_function(formula, "graph", None)
    partials = {name: function.partial(name) for name in function.variables}
    point = None if at is None else check_point(function.variables, read_point(at, "--at"), "--at")
    check = None if point is None else check_gradient(function, list(point.values()))
    value = None if point is None else function(*point.values())
    if function.notice:
        notice(f"Note: {function.notice}", quiet)
    if as_json:
        print_json(_symbols(function, partials) | _numbers(point, value, check))
        return 0
    sections = [_formulas(function, partials, latex)]
    if point is not None and value is not None:
        sections.append(_values(point, value))
    sections.append(f"Program\n\n{function.source.strip()}")
    if check is not None:
        sections.append(f"Gradient, and its check by central differences\n\n{check}")
    click.echo("\n\n".join(sections))
    return 0


def _symbols(function: Function, partials: Mapping[str, Function]) -> dict[str, Any]:
    return {
        "formula": function.formula,
        "latex": function.latex,
        "variables": list(function.variables),
        "partials": {name: partial.formula for name, partial in partials.items()},
        "partials_latex": {name: partial.latex for name, partial in partials.items()},
        "source": function.source,
    }


def _numbers(
    point: Mapping[str, float] | None, value: float | None, check: GradientCheck | None
) -> dict[str, Any]:
    """Return what is known at the point; nothing where no point was given."""
    if check is None:
        return {}
    return {
        "at": point,
        "value": value,
        "gradient": {row.name: row.gradient for row in check.rows},
        "check": {
            "agrees": check.agrees,
            "verdict": check.verdict,
            "rows": [asdict(row) for row in check.rows],
        },
    }


def _formulas(function: Function, partials: Mapping[str, Function], latex: bool) -> str:
    """Return the function and its partial derivatives, one a line."""
    if latex:
        lines = [f"f = {function.latex}"]
        lines += [
            rf"\frac{{\partial f}}{{\partial {_spelled(name)}}} = {partial.latex}"
            for name, partial in partials.items()
        ]
        return "\n".join(lines)
    width = max(len(name) for name in partials)
    lines = [f"{'f':{width + 4}} = {function.formula}"]
    lines += [f"∂f/∂{name:{width}} = {partial.formula}" for name, partial in partials.items()]
    return "\n".join(lines)


def _spelled(name: str) -> str:
    """Return a variable's name in LaTeX."""
    return read_function(name, "graph", None).latex


def _values(point: Mapping[str, float], value: float) -> str:
    place = ", ".join(f"{name} = {component:.12g}" for name, component in point.items())
    return f"At {place}: f = {value:.12g}"
