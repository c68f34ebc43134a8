"""Use an installed steepest as a newcomer would, with whatever optional packages are there.

    python tools/smoke.py all     # everything must work
    python tools/smoke.py base    # optional parts must say in one line what to install

`make package` runs it in environments of its own, on a wheel that was built from here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

import steepest as st

X = np.linspace(0, 4, 200)
Y = 2.5 * np.exp(-1.3 * X) + 0.5 + 0.02 * np.sin(40 * X)


def height(x: object, y: object) -> object:
    """Return the height of a landscape, as plain NumPy code."""
    return np.sin(x) * np.sin(y)


def minimises(folder: Path) -> None:
    """Descend, draw and save."""
    result = st.minimize(height, [1.66, 3.37], learning_rate=0.1, stop="no-descent")
    assert result.history.x.shape == (172, 2)
    result.plot().write_html(folder / "walk.html", include_plotlyjs=True)
    result.save(folder / "run.json")
    assert st.load(folder / "run.json").history.x.shape == (172, 2)
    assert len(st.landscape("sin(x)*sin(y)", x=(0, 6), y=(0, 6)).critical_points()) > 4
    assert st.compare("x**2 + y**4", [1, 1]).best


def commands(folder: Path) -> None:
    """Use the command line."""
    picture = str(folder / "walk.png")
    words = ["minimize", "x**2 + y**2", "--start", "x=1,y=2", "--json", "--plot", picture]
    done = subprocess.run(
        [sys.executable, "-m", "steepest", *words], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["success"]
    assert Path(picture).stat().st_size > 10_000


def fits_arrays(folder: Path) -> None:
    """Fit arrays."""
    found = st.fit("y ~ a*exp(-b*x) + c", {"x": X, "y": Y})
    assert found.success
    assert abs(found.parameters["b"] - 1.3) < 0.05


def compiles(folder: Path) -> None:
    """Compile a descent and a fit."""
    assert st.minimize("x**4 + y**2", [1, 2], learning_rate=0.1, engine="native").success
    assert st.fit("y ~ a*exp(-b*x) + c", {"x": X, "y": Y}, loss="huber", engine="native").success


def fits_files(folder: Path) -> None:
    """Fit a file, at once and piece by piece."""
    path = folder / "rows.csv"
    np.savetxt(path, np.column_stack([X, Y]), delimiter=",", header="x,y", comments="")
    whole = st.fit("y ~ a + b*x", path)
    pieces = st.fit("y ~ a + b*x", path, memory="64MiB")
    assert abs(whole.parameters["a"] - pieces.parameters["a"]) < 1e-9


def fits_frames(folder: Path) -> None:
    """Fit a data frame."""
    import pandas

    assert st.fit("y ~ a + b*x", pandas.DataFrame({"x": X, "y": Y})).success


def draws_bands(folder: Path) -> None:
    """Tell how well a curve is known."""
    band = st.fit("y ~ a + b*x", {"x": X, "y": Y}).band({"x": X})
    assert (band.lower < band.upper).all()


def opens_the_lab(folder: Path) -> None:
    """Make the page of the lab."""
    from steepest.lab.app import create_app

    answer = create_app().server.test_client().get("/", headers={"Host": "127.0.0.1"})
    assert answer.status_code == 200


def works_on_a_cluster(folder: Path) -> None:
    """Fit on the workers of a cluster."""
    from distributed import Client

    with Client(processes=False, n_workers=1, dashboard_address=":0") as client:
        assert st.fit("y ~ a + b*x", {"x": X, "y": Y}, client=client).success


def estimates(folder: Path) -> None:
    """Be an estimator of scikit-learn."""
    from steepest.sklearn import DescentRegressor

    table = X[:, np.newaxis]
    assert DescentRegressor().fit(table, Y).score(table, Y) > 0


ALWAYS = (minimises, commands, fits_arrays)
OPTIONAL: dict[Callable[[Path], None], str] = {
    compiles: "native",
    fits_files: "fit",
    draws_bands: "fit",
    opens_the_lab: "lab",
    works_on_a_cluster: "cluster",
    estimates: "bench",
    fits_frames: "fit",
}
"""What needs an optional package, and the extra that brings it."""


def refused(work: Callable[[Path], None], extra: str, folder: Path) -> None:
    """Expect one line that names the extra, or the package where it is imported directly."""
    said = None
    try:
        work(folder)
    except ImportError as error:
        said = error
    assert said is not None, f"{work.__name__} works without its extra {extra!r}"
    assert "\n" not in str(said), said
    assert extra in str(said) or isinstance(said, ModuleNotFoundError), said


def main(which: str) -> None:
    """Go through everything."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for work in ALWAYS:
            work(folder)
        for work, extra in OPTIONAL.items():
            if which == "all":
                work(folder)
            else:
                refused(work, extra, folder)
    versions = f"NumPy {np.__version__}, Python {sys.version.split()[0]}"
    print(f"steepest {st.__version__} works from {Path(st.__file__).parent} with {versions}.")


if __name__ == "__main__":
    main(sys.argv[1])
