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


def on_workers(path: Path, workers: int) -> float:
    """Return the seconds of a compute-bound fit on so many workers of one thread."""
    from distributed import Client, LocalCluster

    import steepest as st

    model = "y ~ a*exp(-b*x) + c + d*sin(p*x) + q*cos(r*x)"
    start = {"a": 2, "b": 1.3, "c": 0.5, "d": 0.1, "p": 5, "q": 0.1, "r": 3}
    options = {"start": start, "max_steps": 5, "engine": "python"}
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        st.fit(model, path, client=client, **options)
        began = perf_counter()
        st.fit(model, path, client=client, **options)
        return perf_counter() - began


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
        one, two = on_workers(few, 1), on_workers(few, 2)
        print(f"Two workers {one / two:.2f} times as quick as one ({one:.1f} s, {two:.1f} s)")


if __name__ == "__main__":
    main(rows=int(sys.argv[1]) if len(sys.argv) > 1 else 20_000_000)
