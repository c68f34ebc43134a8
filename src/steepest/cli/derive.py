"""``steepest derive``: derivatives as formulas, as a program, and checked."""

from __future__ import annotations

from typing import Any

import click
import numpy as np

from steepest.cli.command import declared, formula_argument
from steepest.cli.functions import check_point, read_function
from steepest.cli.output import notice, print_json
from steepest.cli.values import read_point


@declared("derive", 'steepest derive "x**3 - 4*x - y**2" --at x=1.8,y=-1')
@formula_argument
@click.option("--at", metavar="x=1,y=2", help="Evaluate here, and check against differences.")
@click.option("--latex", is_flag=True, help="Show the formulas as LaTeX.")
def command(formula: str, at: str | None, latex: bool, as_json: bool, quiet: bool) -> int:
    """Show the partial derivatives of FORMULA, its program, and a numerical check."""
    f = read_function(formula, "graph", None)
    point = None if at is None else check_point(f.variables, read_point(at, "--at"), "--at")
    found = _symbols(f) | ({} if point is None else _numbers(f, point))
    if f.notice:
        notice(f"Note: {f.notice}", quiet)
    if as_json:
        print_json(found)
    else:
        click.echo("\n\n".join(_sections(found, latex)))
    return 0


def _symbols(f: Any) -> dict[str, Any]:
    partials = {name: f.partial(name) for name in f.variables}
    return {
        "formula": f.formula,
        "latex": f.latex,
        "variables": list(f.variables),
        "partials": {name: partial.formula for name, partial in partials.items()},
        "partials_latex": {name: partial.latex for name, partial in partials.items()},
        "source": f.source,
    }


def _numbers(f: Any, point: dict[str, float]) -> dict[str, Any]:
    from steepest.derivative import check_gradient

    x = np.array(list(point.values()))
    report = check_gradient(f, x)
    return {
        "at": point,
        "value": f(*x),
        "gradient": dict(zip(point, np.asarray(f.gradient(x)).tolist(), strict=True)),
        "check": {"verdict": report.verdict, "text": str(report)},
    }


def _sections(found: dict[str, Any], latex: bool) -> list[str]:
    """Return the parts of the report, each a block of text."""
    title, partials = (
        (found["latex"], found["partials_latex"])
        if latex
        else (found["formula"], found["partials"])
    )
    width = max(map(len, partials), default=0)
    formulas = [f"f = {title}"]
    formulas += [f"∂f/∂{name:{width}} = {partial}" for name, partial in partials.items()]
    sections = ["\n".join(formulas)]
    if "at" in found:
        place = ", ".join(f"{name} = {value:.12g}" for name, value in found["at"].items())
        values = [f"At {place}", f"f = {found['value']:.12g}"]
        values += [
            f"∂f/∂{name:{width}} = {value:.12g}" for name, value in found["gradient"].items()
        ]
        sections.append("\n".join(values))
    sections.append(f"Program\n\n{found['source'].strip()}")
    if "check" in found:
        sections.append(f"Check against numerical differences\n\n{found['check']['text']}")
    return sections
