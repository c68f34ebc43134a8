"""From what is known of a search for critical points to a statement of how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from steepest.landscapes.sureness import Sureness


@dataclass(frozen=True)
class Evidence:
    """What speaks for a list of critical points being complete, and against it.

    Parameters
    ----------
    variables, inside, boundary, singular, continua : int
        Numbers of variables, of points inside and on the boundary, of degenerate points among
        them, and of curves and regions.
    index_sum, winding : int or None
    bounded : bool
        Whether interval arithmetic was tried.
    undecided : float or None
        The share of the box in which it could not decide.
    cells : int
        In how many cells it could not, which may be too small for a share.
    all_isolated : bool
        Whether every point that is not degenerate was shown to exist and to be alone.
    near_singular : bool
        Whether all that is undecided lies beside degenerate points.
    kinked : bool
        Whether the function may have kinks.
    numerical : bool
        Whether derivatives are differences.
    searched : bool
        Whether the first search came to its end, and not to its limit of time.
    stopped : bool
        Whether there was no time left when all this was known.
    """

    variables: int
    inside: int
    boundary: int
    singular: int
    continua: int
    index_sum: int | None
    winding: int | None
    bounded: bool
    undecided: float | None
    cells: int
    all_isolated: bool
    near_singular: bool
    kinked: bool
    numerical: bool
    searched: bool = True
    stopped: bool = False

    @property
    def proved(self) -> bool:
        """Whether nothing can be missing, and everything listed is there."""
        return self.bounded and not self.cells and self.all_isolated and not self.singular

    @property
    def agrees(self) -> bool | None:
        """Whether the indices add up to the winding number; None where one is not known."""
        if self.index_sum is None or self.winding is None:
            return None
        return self.index_sum == self.winding

    @property
    def cut_short(self) -> bool:
        """Whether more time might have shown more."""
        return self.stopped and not (self.searched and self.nothing_missing)

    @property
    def nothing_missing(self) -> bool:
        """Whether there is nothing to gain by searching further."""
        if self.bounded:
            return self.proved or (self.near_singular and self.agrees is not False)
        return self.agrees is not False


def sureness(evidence: Evidence) -> Sureness:
    """Return how sure the list is, in numbers and in words."""
    return Sureness(
        evidence.proved,
        evidence.index_sum,
        evidence.winding,
        evidence.undecided,
        evidence.cut_short,
        " ".join(_sentences(evidence)),
    )


def _sentences(evidence: Evidence) -> list[str]:
    if evidence.continua:
        return [
            *filter(None, [_of_time(evidence)]),
            "Critical points that are not isolated cannot be counted: nothing shows that none is "
            "missing.",
        ]
    sentences = [
        _of_time(evidence),
        _of_bounds(evidence),
        _of_indices(evidence),
        _of_kinks(evidence),
    ]
    said = [sentence for sentence in sentences if sentence]
    return said or ["Nothing shows that none is missing."]


def _of_time(evidence: Evidence) -> str:
    if not evidence.cut_short:
        return ""
    if evidence.searched:
        return (
            "Stopped at the limit of time: the search for points came to its end, but not what "
            "was to show that none is missing."
        )
    return "Stopped at the limit of time, in the middle of the search: points may be missing."


def _of_bounds(evidence: Evidence) -> str:
    if evidence.proved:
        return (
            "Proved complete: interval arithmetic shows that each of these points is there, and "
            "that the box holds no other."
        )
    if not evidence.bounded:
        return ""
    if evidence.near_singular:
        several = evidence.singular > 1
        return (
            "Proved by interval arithmetic, except right beside the degenerate "
            f"point{'s' * several}: elsewhere the box holds no other critical point."
        )
    if not evidence.cells:
        return (
            "Interval arithmetic shows that the box holds no other critical point, but not that "
            "each of these is there."
        )
    return (
        f"Not proved: interval arithmetic could not decide in {_percent(evidence.undecided)} of "
        "the box."
    )


def _percent(share: float | None) -> str:
    percent = 100 * (share or 0.0)
    return "less than 0.01 %" if percent < 0.01 else f"{percent:.3g} %"


def _of_indices(evidence: Evidence) -> str:
    if evidence.kinked:
        return ""
    if evidence.variables > 2:
        if evidence.bounded:
            return ""
        return (
            f"For {evidence.variables} variables nothing was counted: the points are those that "
            "Newton's method came to, and more may exist."
        )
    what = "winding number of the gradient" if evidence.variables == 2 else "slopes at the ends"
    if evidence.winding is None:
        if evidence.proved or evidence.cut_short:
            return ""
        return (
            f"The points could not be counted, as the {what} could not be found: the gradient "
            "vanishes or is not finite on the boundary, or turns too quickly there."
        )
    if evidence.index_sum is None:
        return (
            f"The {what} allow{'s' * (evidence.variables == 2)} no check, as the index of a "
            "degenerate point is unknown."
        )
    just_inside = " just inside the boundary" if evidence.boundary else " along the boundary"
    where = just_inside if evidence.variables == 2 else ""
    if evidence.agrees:
        return (
            f"The indices of the points inside add up to {evidence.index_sum}, as the {what}"
            f"{where} demand{'s' * (evidence.variables == 2)}."
        )
    return (
        f"Not complete: the indices of the points inside add up to {evidence.index_sum}, and the "
        f"{what}{where} demand{'s' * (evidence.variables == 2)} {evidence.winding}."
    )


def _of_kinks(evidence: Evidence) -> str:
    words = ""
    if evidence.kinked:
        words = (
            "Nothing shows that none is missing: the function may have kinks or jumps, and a "
            "minimum there has no zero gradient and is not looked for."
        )
    if evidence.numerical:
        words = f"{words} Its derivatives are differences, good to some digits.".strip()
    return words
