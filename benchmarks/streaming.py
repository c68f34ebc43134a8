"""What a fit of more rows than memory holds costs, beside what PyArrow needs to read its columns.

    python -m benchmarks streaming            # 20 million rows
    python -m benchmarks.streaming 200000000  # 3.2 GB

The yardstick reads the same columns by PyArrow alone, with all its threads, in the quickest of
four ways, and does nothing with them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq

from benchmarks.alternate import alternate, report

GROUP = 2**20
CUBIC = "y ~ a + b*x + c*x**2 + d*x**3"
DECAY = "y ~ a*exp(-b*x) + c"


def make(path: Path, rows: int) -> None:
    """Write rows of two columns, as PyArrow writes them by default."""
    generator = np.random.default_rng(0)
    schema = pa.schema([("x", pa.float64()), ("y", pa.float64())])
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, rows, GROUP):
            count = min(GROUP, rows - first)
            x = generator.uniform(0, 3, count)
            y = 2 * np.exp(-1.3 * x) + 0.5 + generator.normal(0, 0.1, count)
            writer.write_table(pa.table({"x": x, "y": y}), row_group_size=GROUP)


def by_batches(path: Path) -> int:
    """Read by `iter_batches`."""
    file = pq.ParquetFile(path)
    return sum(one.num_rows for one in file.iter_batches(GROUP, columns=["x", "y"]))


def by_groups(path: Path) -> int:
    """Read row group by row group."""
    file = pq.ParquetFile(path)
    groups = range(file.num_row_groups)
    return sum(file.read_row_group(k, columns=["x", "y"]).num_rows for k in groups)


def by_groups_ahead(path: Path) -> int:
    """Read row group by row group, buffering ahead."""
    file = pq.ParquetFile(path, pre_buffer=True)
    groups = range(file.num_row_groups)
    return sum(file.read_row_group(k, columns=["x", "y"]).num_rows for k in groups)


def by_dataset(path: Path) -> int:
    """Read as a dataset."""
    scanner = pa.dataset.dataset(path).scanner(columns=["x", "y"])
    return sum(one.num_rows for one in scanner.to_batches())


WAYS: tuple[Callable[[Path], int], ...] = (by_batches, by_groups, by_groups_ahead, by_dataset)


def quickest(path: Path) -> Callable[[Path], int]:
    """Return the way in which PyArrow reads quickest here."""

    def seconds(way: Callable[[Path], int]) -> float:
        times = []
        for _ in range(3):
            began = perf_counter()
            way(path)
            times.append(perf_counter() - began)
        return min(times)

    return min(WAYS, key=seconds)


def fit(model: str, path: Path) -> int:
    """Fit by steepest."""
    import steepest as st

    found = st.fit(model, path, memory="512MiB")
    assert found.success
    return found.criterion.count


MEMORY = """
import resource, sys
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
import steepest as st
st.fit(sys.argv[2], sys.argv[1], memory="512MiB")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def peak(model: str, path: Path) -> float:
    """Return by how many MiB a process grows that fits, with all that it loads."""
    command = [sys.executable, "-c", MEMORY, str(path), model]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


SEVEN = "y ~ a*exp(-b*x) + c + d*sin(p*x) + q*cos(r*x)"
START = {"a": 2, "b": 1.3, "c": 0.5, "d": 0.1, "p": 5, "q": 0.1, "r": 3}


def on_workers(path: Path, rounds: int) -> None:
    """Print what a second worker brings to a compute-bound fit, and what it could.

    Two clusters of one worker each do the same work at once, each for itself: what two processors
    do together in the time that one needs alone is the most that a fit can gain.
    """
    from distributed import Client, LocalCluster

    import steepest as st

    options = {"start": START, "max_steps": 5, "engine": "python"}
    with ExitStack() as stack:

        def client(workers: int) -> Client:
            cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0")
            return stack.enter_context(Client(stack.enter_context(cluster), set_as_default=False))

        one, other, both = client(1), client(1), client(2)

        def fit_on(client: Client) -> None:
            st.fit(SEVEN, path, client=client, **options)

        def apart() -> None:
            with ThreadPoolExecutor(2) as threads:
                list(threads.map(fit_on, (one, other)))

        contenders = {
            "one worker": lambda: fit_on(one),
            "two workers": lambda: fit_on(both),
            "two fits, a worker each": apart,
        }
        for run in contenders.values():
            run()
        timings = alternate(contenders, rounds)
        print(report("a fit of seven constants on workers of one thread", timings))
        alone, together, each = (one.median for one in timings)
        print(f"Two workers: {alone / together:.2f} x one, of {2 * alone / each:.2f} possible")


def main(rounds: int = 5, rows: int = 20_000_000) -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        make(path, rows)
        way = quickest(path)
        for title, model in (("linear", CUBIC), ("nonlinear", DECAY)):
            contenders = {
                f"PyArrow reads ({way.__name__})": lambda: way(path),
                f"steepest, {model}": lambda model=model: fit(model, path),
            }
            print(report(f"{title}, {rows} rows", alternate(contenders, rounds)))
            print(f"Peak memory above the bare interpreter's: {peak(model, path):.0f} MiB")
        few = Path(folder) / "few.parquet"
        make(few, 4 * GROUP)
        on_workers(few, rounds)


if __name__ == "__main__":
    main(rows=int(sys.argv[1]) if len(sys.argv) > 1 else 20_000_000)
