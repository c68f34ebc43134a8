"""How long a search may go on."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Deadline:
    """A time after which a search says what it has so far.

    It is asked between pieces of work, each of them short: an answer comes a little later than the
    deadline, and what was found until then is whole.

    Parameters
    ----------
    at : float, default inf
        On the clock of `time.perf_counter`.

    Examples
    --------
    >>> Deadline().passed, Deadline.after(None).passed, Deadline(at=0.0).passed
    (False, False, True)
    """

    at: float = math.inf

    @classmethod
    def after(cls, seconds: float | None) -> Deadline:
        """Return the deadline so many seconds from now; none for None."""
        return cls() if seconds is None else cls(time.perf_counter() + seconds)

    @property
    def passed(self) -> bool:
        """Whether it is over."""
        return time.perf_counter() > self.at


NEVER = Deadline()
