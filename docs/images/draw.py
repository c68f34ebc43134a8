"""Draw the pictures that the pages show: ``make pictures``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import steepest as st
from steepest.figures import save_basins, save_figure, save_fit


def main() -> None:
    """Write the pictures beside this file."""
    walk = st.minimize(
        "sin(x)*sin(y)",
        {"x": 1.66, "y": 3.37},
        method="gradient-descent",
        learning_rate=0.1,
        stop="no-descent",
    )
    save_figure(walk, Path(__file__).with_name("walk.png"), "surface")

    valley = st.minimize(
        "(1 - x)**2 + 100*(y - x**2)**2",
        {"x": -1.2, "y": 1},
        method="momentum",
        learning_rate=5e-4,
        stop="max-steps",
        max_steps=200,
    )
    save_figure(valley, Path(__file__).with_name("step.png"), "step", step=6)

    hills = st.landscape("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", x=(-6, 6), y=(-6, 6))
    hills.save_plot(Path(__file__).with_name("landscape.png"))
    save_basins(hills, hills.basins(points=601), Path(__file__).with_name("basins.png"))

    x = np.linspace(0, 4, 30)
    y = 2.5 * np.exp(-1.3 * x) + 0.5 + 0.08 * np.random.default_rng(1).normal(size=30)
    fit = st.fit("y ~ a*exp(-b*x) + c", {"x": x, "y": y}, start={"a": 1, "b": 0.5, "c": 1})
    save_fit(fit, Path(__file__).with_name("fit.png"))


if __name__ == "__main__":
    main()
