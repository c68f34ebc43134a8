"""Time several contenders round by round, so that a busy spell hits all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter, sleep

UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


@dataclass(frozen=True)
class Timing:
    """Seconds a call of one contender, over all rounds."""

    name: str
    median: float
    least: float


def alternate(
    contenders: Mapping[str, Callable[[], object]],
    rounds: int,
    calls: int = 1,
    pause: float = 0.0,
) -> list[Timing]:
    """Run every contender once a round, in order, and summarise its times.

    Parameters
    ----------
    contenders : mapping of str to callable
    rounds : int
        How often it is each contender's turn.
    calls : int, default 1
        How many calls a turn has: enough for the clock to see them.
    pause : float, default 0.0
        Seconds before each turn: the threads of the one before, which wait spinning, fall asleep.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            sleep(pause)
            start = perf_counter()
            for _ in range(calls):
                run()
            seconds[name].append((perf_counter() - start) / calls)
    return [Timing(name, median(times), min(times)) for name, times in seconds.items()]


def report(title: str, timings: list[Timing]) -> str:
    """Return a table whose first contender is the yardstick."""
    yardstick = timings[0].median
    width = max(len(timing.name) for timing in timings)
    lines = [title, f"{'':{width}}  {'ratio':>6}  {'median':>9}  {'least':>9}"]
    lines += [
        f"{timing.name:{width}}  {timing.median / yardstick:6.2f}"
        f"  {duration(timing.median):>9}  {duration(timing.least):>9}"
        for timing in timings
    ]
    return "\n".join(lines)


def duration(seconds: float) -> str:
    """Return a time with three digits in the unit that suits it."""
    size, unit = next((one for one in UNITS if seconds >= one[0]), UNITS[-1])
    return f"{seconds / size:.3g} {unit}"
