"""Time several contenders round by round, so that a busy spell hits all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Timing:
    """Seconds of one contender over all rounds."""

    name: str
    median: float
    least: float


def alternate(contenders: Mapping[str, Callable[[], object]], rounds: int) -> list[Timing]:
    """Run every contender once a round, in order, and summarise its times."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            start = perf_counter()
            run()
            seconds[name].append(perf_counter() - start)
    return [Timing(name, median(times), min(times)) for name, times in seconds.items()]


def report(title: str, timings: list[Timing]) -> str:
    """Return a table whose first contender is the yardstick."""
    yardstick = timings[0].median
    width = max(len(timing.name) for timing in timings)
    lines = [title, f"{'':{width}}  {'ratio':>6}  {'median':>9}  {'least':>9}"]
    lines += [
        f"{timing.name:{width}}  {timing.median / yardstick:6.2f}"
        f"  {timing.median * 1e3:6.1f} ms  {timing.least * 1e3:6.1f} ms"
        for timing in timings
    ]
    return "\n".join(lines)
