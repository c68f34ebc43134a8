"""Pictures of what a descent did: plain data is extracted first, then drawn.

Plotly draws what one turns and hovers over; Matplotlib draws still pictures of the same
data. Neither is imported before something is drawn.
"""

from steepest.figures.landscapes import (
    plot_basins,
    plot_landscape,
    save_basins,
    save_landscape,
)
from steepest.figures.notebook import fit_html, result_html
from steepest.figures.output import check_suffix
from steepest.figures.plot import (
    plot_comparison,
    plot_fit,
    plot_function,
    plot_phase,
    plot_rates,
    plot_result,
)
from steepest.figures.save import save_comparison, save_figure, save_fit, save_rates

__all__ = [
    "check_suffix",
    "fit_html",
    "plot_basins",
    "plot_comparison",
    "plot_fit",
    "plot_function",
    "plot_landscape",
    "plot_phase",
    "plot_rates",
    "plot_result",
    "result_html",
    "save_basins",
    "save_comparison",
    "save_figure",
    "save_fit",
    "save_landscape",
    "save_rates",
]


def __dir__() -> list[str]:
    return sorted(__all__)
