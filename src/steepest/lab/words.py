"""What the page says of descents: verdicts, and what theory says of where they ended."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.descent.result import Result
from steepest.lab.descents import Descents, colour_of
from steepest.lab.state import State


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
    """Return a table of the curvature where the first method ended, and what it means."""
    from dash import html

    if not descents.results:
        return html.P("")
    name, result = next(iter(descents.results.items()))
    values = _curvatures(result)
    if values is None:
        return html.P("The curvature there is not finite.")
    low, high = float(values[0]), float(values[-1])
    rows = [("curvatures", f"{low:.4g} and {high:.4g}")]
    if low > 0:
        rows.append(("condition number", f"{high / low:.4g}"))
    steepest = max(abs(low), abs(high))
    if steepest > 0:
        verdict = "below it" if state.rate < 2 / steepest else "at or above it"
        rows.append(("largest stable rate 2/L", f"{2 / steepest:.4g}: yours is {verdict}"))
    if low > 0:
        predicted = max(abs(1 - state.rate * low), abs(1 - state.rate * high))
        rows.append(("distance × a step, plain descent predicted", f"{predicted:.4g}"))
    seen = seen_contraction(result)
    if seen is not None:
        rows.append((f"seen by {name}", f"{seen:.4g}"))
    return html.Table(
        html.Tbody([html.Tr([html.Th(key, scope="row"), html.Td(value)]) for key, value in rows])
    )


def seen_contraction(result: Result) -> float | None:
    """Return by how much the last steps shortened the distance to the end, on average."""
    x = result.history.x
    distances = np.linalg.norm(x - result.position, axis=1)
    useful = distances[(distances > 1e-9 * max(distances.max(), 1e-300)) & np.isfinite(distances)]
    if len(useful) < 6:
        return None
    last = useful[len(useful) // 2 :]
    return float((last[-1] / last[0]) ** (1 / (len(last) - 1)))


def _curvatures(result: Result) -> Any:
    """Return the eigenvalues of the Hessian at the best point; None where it is not finite."""
    assert result.objective is not None
    hessian = result.objective.hessian(result.position)
    return np.linalg.eigvalsh(hessian) if np.isfinite(hessian).all() else None


def typeset(descents: Descents) -> str:
    """Return function and gradient as mathematics."""
    known = descents.function
    names = " , ".join(known.variables)
    lines = [f"f({names}) &= {known.latex}"]
    lines += [
        rf"\frac{{\partial f}}{{\partial {name}}} &= {known.partial(name).latex}"
        for name in known.variables
    ]
    body = " \\\\ ".join(lines)
    return f"$$\\begin{{aligned}}{body}\\end{{aligned}}$$"
