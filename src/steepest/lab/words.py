"""What the page says of descents: verdicts, theory, one step from inside, the mathematics."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations_with_replacement
from typing import Any

from steepest.descent.inside import InsideStep
from steepest.descent.result import Result
from steepest.errors import SteepestError
from steepest.expression.latex import name_latex
from steepest.figures.walks import ADDED
from steepest.functions import function
from steepest.lab.descents import WITHOUT_RATE, Descents, colour_of
from steepest.lab.limits import DESCENT_SECONDS, MOST_TYPESET
from steepest.lab.overlays import colour_of_part, step_arrows
from steepest.lab.searches import landscape_of
from steepest.lab.state import State
from steepest.objective import Vector


def verdicts(descents: Descents, theme: str) -> list[Any]:
    """Return a card for every method: how it ended and what it found, and the whole text."""
    from dash import html

    cards = []
    for name, result in descents.results.items():
        end = ", ".join(f"{key} = {value:.6g}" for key, value in result.x.items())
        cards.append(
            html.Article(
                [
                    html.H3([html.I(style={"background": colour_of(name, theme)}), name]),
                    html.P(f"{result.nit} steps to f = {result.fun:.6g} at {end}"),
                    html.P(result.message, className="why"),
                    html.P([html.Strong(result.verdict.kind), ". ", result.verdict.text]),
                    html.Details([html.Summary("All of it"), html.Pre(result.explain())]),
                ],
                className="card",
            )
        )
    cards += [
        html.Article([html.H3(name), html.P(reason, className="why")], className="card")
        for name, reason in descents.failed.items()
    ]
    return cards or [html.P("Choose a method, and the ball rolls.")]


def theory(state: State, descents: Descents) -> Any:
    """Return a table of the curvature where the descent ended, and what it means for its pace."""
    from dash import html

    result = descents.looked_into(state)
    if result is None:
        return html.P("")
    land = landscape_of(state.formula, state.domain)
    try:
        curvature = land.curvature(result.position)
    except SteepestError as error:
        return html.P(str(error))
    low, high = curvature.smallest, curvature.largest
    rows = [("curvatures, the axes on the map", f"{low:.4g} and {high:.4g}")]
    if low > 0:
        rows.append(("condition number", f"{curvature.condition:.4g}"))
    if high > 0:
        # Methods that find their steps themselves have no rate to compare.
        taken = result.method not in WITHOUT_RATE
        side = "below" if state.rate < curvature.stable_rate else "at or above"
        yours = f": yours is {side} it" * taken
        rows.append(("largest stable rate 2/L", f"{curvature.stable_rate:.4g}{yours}"))
    if low > 0:
        predicted = curvature.contraction(state.rate)
        rows.append(("distance × a step, plain descent predicted", f"{predicted:.4g}"))
    seen = _seen(state, result)
    if seen is not None:
        rows.append((f"seen by {result.method}", f"{seen:.4g}"))
    return _table(rows)


def _seen(state: State, result: Result) -> float | None:
    """Return the factor by which the last steps came nearer to the end, where they did."""
    land = landscape_of(state.formula, state.domain)
    if not land.domain.holds(result.position):
        return None
    try:
        return land.convergence_rate(result, max_seconds=DESCENT_SECONDS).contraction
    except SteepestError:
        # Too few steps have no pace.
        return None


def inside_words(state: State, descents: Descents, shown: int) -> Any:
    """Return a table of the numbers of one step of the method that is looked into."""
    from dash import html

    result = descents.looked_into(state)
    if result is None or not result.nit:
        return html.P("No step was made.", className="hint")
    inside = result.inside(min(shown + 1, result.nit))
    names = result.names
    after = inside.number
    rows = [
        (f"point {after - 1}", _point(names, inside.before)),
        ("f there", f"{inside.values[0]:.6g}"),
        ("gradient g", _vector(inside.gradient)),
        *_parts(inside),
        (_swatch("step", "the step"), _vector(inside.move)),
        (f"point {after}", _point(names, inside.after)),
        ("f there", f"{inside.values[1]:.6g}"),
        ("f changed by", f"{inside.change:.4g}"),
        ("what the slope promised", f"{inside.promised:.4g}"),
    ]
    said = [html.P(f"Step {after} of {result.method}, rate {inside.rate:.4g}.")]
    if "arrows" in state.marks and state.view == "map":
        _, times = step_arrows(inside, state)
        said.append(html.P(f"The arrows on the map are {times:.3g} times their length.",
                           className="hint"))  # fmt: skip
    return [*said, _table(rows)]


def _parts(inside: InsideStep) -> list[tuple[Any, str]]:
    """Return what adds up to a step, each with the colour of its arrow."""
    return [
        (_swatch(share, ADDED[share].removesuffix(" =")), _vector(vector))
        for share, vector in inside.parts.items()
    ]


def _swatch(share: str, words: str) -> list[Any]:
    from dash import html

    return [html.I(style={"background": colour_of_part(share)}, className="swatch"), words]


def _table(rows: list[tuple[Any, str]]) -> Any:
    from dash import html

    return html.Table(
        html.Tbody([html.Tr([html.Th(key, scope="row"), html.Td(value)]) for key, value in rows])
    )


def _point(names: tuple[str, ...], point: Vector) -> str:
    return ", ".join(f"{name} = {v:.5g}" for name, v in zip(names, point, strict=True))


def _vector(vector: Vector) -> str:
    return f"({', '.join(f'{value:.4g}' for value in vector)})"


def _twice(first: str, second: str) -> str:
    """Return by which variables a second derivative is taken."""
    one, other = (rf"\partial {name_latex(name)}" for name in (first, second))
    return rf"{one}^2" if first == second else rf"{one} \, {other}"


@lru_cache(maxsize=128)
def typeset(formula: str) -> str:
    """Return function, gradient and Hessian as mathematics, as far as one can read them."""
    known = function(formula)
    names = known.variables
    lines = [rf"f({', '.join(map(name_latex, names))}) &= {known.latex}"]
    slopes = {name: known.partial(name) for name in names}
    lines += [
        rf"\frac{{\partial f}}{{\partial {name_latex(name)}}} &= {slope.latex}"
        for name, slope in slopes.items()
    ]
    if sum(map(len, lines)) > MOST_TYPESET:
        return "The gradient is too long to typeset; it is below, as a program."
    curvatures = [
        rf"\frac{{\partial^2 f}}{{{_twice(row, column)}}} &= {slopes[row].partial(column).latex}"
        for row, column in combinations_with_replacement(names, 2)
    ]
    if sum(map(len, [*lines, *curvatures])) <= MOST_TYPESET:
        lines += curvatures
    body = r" \\[4pt] ".join(lines)
    return rf"$$\begin{{aligned}}{body}\end{{aligned}}$$"
