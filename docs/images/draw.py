"""Draw the picture that the README shows: ``make pictures``."""

from __future__ import annotations

from pathlib import Path

import steepest as st
from steepest.figures import save_figure


def main() -> None:
    """Write the picture beside this file."""
    walk = st.minimize(
        "sin(x)*sin(y)",
        {"x": 1.66, "y": 3.37},
        method="gradient-descent",
        learning_rate=0.1,
        stop="no-descent",
    )
    save_figure(walk, Path(__file__).with_name("walk.png"), "surface")


if __name__ == "__main__":
    main()
