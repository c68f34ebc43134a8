"""``steepest explore``: the critical points of a formula in a box."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from steepest.cli.command import declared, formula_argument, plot_option
from steepest.cli.functions import check_point, read_function
from steepest.cli.output import notice, print_json, print_table
from steepest.cli.places import check_places
from steepest.cli.values import read_domain, read_names, read_point, read_rate
from steepest.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from steepest.functions import Function
    from steepest.landscapes.basins import Basins
    from steepest.landscapes.landscape import Landscape
    from steepest.landscapes.points import CriticalPoint, CriticalPoints

MOST_ROWS = 40
"""So many points are listed for people; JSON has all of them."""

SPACING = 0.3
"""Between contour lines whose slope is read, as in a printed map with ten lines or so."""


@declared("explore", 'steepest explore "sin(x)*sin(y)" --domain x=0:2*pi,y=0:2*pi')
@formula_argument
@click.option(
    "--domain", metavar="x=0:1,y=-1:1", help="Where to look: the two ends of each variable."
)
@click.option(
    "--at",
    metavar="x=1,y=2",
    help="Look closer here: curvature, tangent plane, and slopes read off contour lines.",
)
@click.option("--spacing", type=float, metavar="D", help="Between those lines; default 0.3.")
@click.option(
    "--basins", is_flag=True, help="Descend from a grid of starts: which point does each reach?"
)
@click.option(
    "--method", metavar="A,B,...", help="Of these descents, or several; default gradient-descent."
)
@click.option("--learning-rate", metavar="RATE", help="Of these descents; default 1/L or its own.")
@click.option("--steps", type=int, metavar="N", help="At most so many steps; default 1000.")
@click.option("--points", type=int, metavar="N", help="Starts along each side; default 201.")
@click.option(
    "--max-seconds", type=float, metavar="S", help="Stop searching then, and say what is proved."
)
@plot_option
@click.option("--kind", metavar="KIND", help="What to draw: contours, surface or curve.")
def command(
    formula: str,
    domain: str | None,
    at: str | None,
    spacing: float | None,
    basins: bool,
    max_seconds: float | None,
    plot: tuple[str, ...],
    kind: str | None,
    as_json: bool,
    quiet: bool,
    **settings: Any,
) -> int:
    """Find every minimum, maximum and saddle of FORMULA in a box, and say how sure that is."""
    from steepest.landscapes.landscape import landscape

    given = {name: value for name, value in settings.items() if value is not None}
    if given and not basins:
        name = next(iter(given)).replace("_", "-")
        raise InputError(f"--{name} is for the descents of --basins: add that.")
    if spacing is not None and at is None:
        raise InputError("--spacing is for the slopes read at a point: add --at.")
    function = read_function(formula, "graph", None)
    box = _check_domain(function, read_domain(domain))
    place = None if at is None else check_point(function.variables, read_point(at, "--at"), "--at")
    _check_plots(plot, kind, len(box), basins)
    land = landscape(function, box)
    closer = None if place is None else Closer(land, place, spacing or SPACING)
    found = land.critical_points(max_seconds=max_seconds)
    rolled = _rolled(land, given, max_seconds) if basins else []
    for words in land.notices:
        notice(f"Note: {words}", quiet)
    if as_json:
        print_json(_record(found, rolled) | (closer.record() if closer else {}))
    else:
        _print_points(found)
        if rolled:
            _print_basins(rolled, found)
        if closer is not None:
            closer.print()
    for path in plot:
        # Imported here: an answer that draws nothing has no use for the figures.
        from steepest.figures import save_basins, save_landscape

        if rolled:
            save_basins(land, rolled, path)
        else:
            save_landscape(land, path, kind, found=found)
        notice(f"Wrote {path}", quiet)
    return 0


def _check_domain(
    function: Function, box: dict[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """Return the box in the order of the variables, or refuse another one."""
    variables = function.variables
    for name in box:
        if name not in variables:
            raise InputError(
                f"--domain names {name!r}, which is not in the formula."
                f"{did_you_mean(name, variables)} Its variables are: {', '.join(variables)}."
            )
    for name in variables:
        if name not in box:
            example = ",".join(f"{name}=0:1" for name in variables)
            raise InputError(
                f"--domain has no ends for {name!r}: write them for every variable, such as"
                f" --domain {example}."
            )
    return {name: box[name] for name in variables}


def _check_plots(paths: Sequence[str], kind: str | None, size: int, basins: bool) -> None:
    if kind is not None and not paths:
        raise InputError(f"--kind {kind} says what to draw, but not where: add --plot FILE.")
    if kind is not None and basins:
        raise InputError("--kind and --basins ask for two pictures: leave one of them out.")
    if not paths:
        return
    from steepest.figures.landscape import check_kind
    from steepest.figures.output import SUFFIXES

    check_places("--plot", paths, SUFFIXES)
    if kind is not None:
        check_kind(kind, size)
    elif size > 2 or (basins and size != 2):
        raise InputError(
            f"--plot draws functions of {'2' if basins else '1 or 2'} variables"
            f"{' with --basins' * basins}, and this one has {size}: leave it out, or put numbers"
            " in place of some."
        )


def _rolled(land: Landscape, given: dict[str, Any], max_seconds: float | None) -> list[Basins]:
    """Return the basins of every method that was asked for."""
    methods = read_names(given.get("method", "gradient-descent"))
    if not methods:
        raise InputError("--method names no method: write one, such as gradient-descent,momentum.")
    return [
        land.basins(
            method,
            learning_rate=read_rate(given.get("learning_rate")),
            points=given.get("points"),
            max_steps=given.get("steps", 1000),
            max_seconds=max_seconds,
        )
        for method in methods
    ]


def _record(found: CriticalPoints, rolled: Sequence[Basins]) -> dict[str, Any]:
    """Return what ``--json`` prints of the points."""
    sureness = found.sureness
    record: dict[str, Any] = {
        "critical_points": [_point(point, found.names) for point in found],
        "continua": [
            {"dimension": one.dimension, "fun": one.fun, "note": one.note} for one in found.continua
        ],
        "sureness": {
            "proved": sureness.proved,
            "index_sum": sureness.index_sum,
            "winding": sureness.winding,
            "undecided": sureness.undecided,
            "stopped": sureness.stopped,
            "text": sureness.text,
        },
    }
    if rolled:
        record["basins"] = [
            {
                "method": one.method,
                "rate": one.rate if isinstance(one.rate, float | int) else None,
                "starts": one.reached.size,
                "shares": [one.shares.get(place, 0.0) for place in range(len(found))],
                "none": one.shares.get(-1, 0.0),
            }
            for one in rolled
        ]
    return record


def _point(point: CriticalPoint, names: Sequence[str]) -> dict[str, Any]:
    return {
        "kind": point.kind,
        "x": dict(zip(names, point.x.tolist(), strict=True)),
        "fun": point.fun,
        "eigenvalues": point.eigenvalues,
        "boundary": point.boundary,
    } | ({"note": point.note} if point.note else {})


def _print_points(found: CriticalPoints) -> None:
    rows = [
        [
            f"{point.kind}{' (boundary)' * point.boundary}",
            *(digits(value) for value in point.x),
            digits(point.fun),
            ", ".join(f"{digits(value):.7g}" for value in point.eigenvalues),
        ]
        for point in found[:MOST_ROWS]
    ]
    if rows:
        print_table(["kind", *found.names, "f", "curvatures"], rows)
        if len(found) > MOST_ROWS:
            click.echo(f"... and {len(found) - MOST_ROWS} more; --json has all of them.")
        click.echo()
    for point in found:
        if point.note:
            place = ", ".join(
                f"{name} = {digits(value):.7g}"
                for name, value in zip(found.names, point.x, strict=True)
            )
            click.echo(f"Degenerate at {place}: {point.note}.")
    click.echo(found.summary)
    click.echo(found.sureness.text)


def _print_basins(rolled: Sequence[Basins], found: CriticalPoints) -> None:
    click.echo()
    met = [place for place in range(len(found)) if any(place in one.shares for one in rolled)]
    rows = [
        [
            found[place].kind,
            *(digits(value) for value in found[place].x),
            *(f"{100 * one.shares.get(place, 0.0):.4g} %" for one in rolled),
        ]
        for place in met
    ]
    starts = ["starts"] if len(rolled) == 1 else [one.method for one in rolled]
    print_table(["comes to", *found.names, *starts], rows)
    click.echo()
    for one in rolled:
        click.echo(one.text)


def digits(value: float) -> float:
    """Return a number rounded to seven digits, and 0 for what is rounding beside 1.

    Examples
    --------
    >>> digits(1.5707963267948966), digits(-2.4e-16), digits(4.0)
    (1.570796, 0.0, 4.0)
    """
    return 0.0 if abs(value) < 1e-12 else float(f"{value:.7g}")


class Closer:
    """What is seen at one point: curvature, deviation from the tangent plane, contour slopes."""

    def __init__(self, land: Landscape, place: dict[str, float], spacing: float) -> None:
        self.place = place
        self.curvature = land.curvature(place)
        self.microscope = land.microscope(place)
        self.slopes = land.contour_slope(place, spacing)
        self.names = land.domain.names

    def record(self) -> dict[str, Any]:
        """Return what ``--json`` prints of it."""
        curvature = self.curvature
        return {
            "at": {
                "x": self.place,
                "eigenvalues": curvature.eigenvalues,
                "directions": curvature.directions.T,
                "condition": curvature.condition,
                "stable_rate": curvature.stable_rate,
                "optimal_rate": curvature.optimal_rate,
                "microscope": {
                    "windows": [
                        {"half_width": width, "deviation": deviation}
                        for _, width, deviation, _ in self.microscope.rows
                    ],
                    "exponent": self.microscope.exponent,
                },
                "contour_slope": {
                    reading.name: {
                        "read": reading.slope,
                        "true": reading.true,
                        "levels": reading.levels,
                        "places": reading.places,
                    }
                    for reading in self.slopes.readings
                },
            }
        }

    def print(self) -> None:
        """Print it for people."""
        place = ", ".join(f"{name} = {value:.7g}" for name, value in self.place.items())
        click.echo(f"\nAt {place}\n")
        click.echo(f"{self.curvature.text}\n")
        click.echo("Deviation from the tangent plane, in windows that shrink")
        print_table(
            ["half-width", "deviation", "share of the tilt"],
            [
                # Where the plane is level, nothing is a share of its tilt.
                [
                    float(f"{width:.3g}"),
                    float(f"{deviation:.6g}"),
                    float(f"{share:.3g}") if isfinite(share) else None,
                ]
                for _, width, deviation, share in self.microscope.rows
            ],
        )
        click.echo(f"{self.microscope.text}\n")
        click.echo(f"Slopes read off contour lines {self.slopes.spacing:g} apart")
        print_table(
            ["along", "read", "true", "from the line", "to the line", "distance"],
            [_reading_row(reading) for reading in self.slopes.readings],
        )


def _reading_row(reading: Any) -> list[Any]:
    if not reading.levels:
        return [reading.name, None, float(f"{reading.true:.6g}"), "none", "none", None]
    lines = [
        f"{level:.6g} at {place:.6g}"
        for level, place in zip(reading.levels, reading.places, strict=True)
    ]
    return [
        reading.name,
        float(f"{reading.slope:.6g}"),
        float(f"{reading.true:.6g}"),
        *lines,
        float(f"{reading.distance:.6g}"),
    ]
