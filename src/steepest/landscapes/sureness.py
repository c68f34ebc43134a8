"""How sure it is that no critical point is missing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sureness:
    """What speaks for a list of critical points being complete.

    Parameters
    ----------
    proved : bool
        Whether interval arithmetic shows that the box holds no critical point but those listed,
        and that each of these exists and is alone.
    index_sum : int or None
        The sum of the indices of the points inside; None where one of them has none.
    winding : int or None
        What that sum must be by the theorem of Poincaré and Hopf: how often the gradient turns
        around while the boundary is walked around. For one variable, half the change of the
        slope's sign from end to end. None where it could not be found.
    undecided : float or None
        The share of the box in which interval arithmetic could not decide; None where it was not
        tried.
    stopped : bool
        Whether a limit of time ended the search, so that more time might have shown more.
    text : str
        All this in words.
    """

    proved: bool
    index_sum: int | None
    winding: int | None
    undecided: float | None
    stopped: bool
    text: str

    @property
    def agrees(self) -> bool | None:
        """Whether indices and winding number agree; None where one of them is not known."""
        if self.index_sum is None or self.winding is None:
            return None
        return self.index_sum == self.winding

    def __str__(self) -> str:
        return self.text
