"""Nonlinear regression problems of the usual kinds, from easy to nearly unidentifiable.

The data are made here: the model at its true constants, rounded normal errors from a fixed seed
added. What fits them best is certified in 50-digit arithmetic by `certify`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Regression:
    """One problem.

    Parameters
    ----------
    name : str
    model : str
        The right-hand side, of x and the constants, in words that Python's math knows.
    true : dict
        The constants the data were made with.
    x : ndarray, shape (m,)
    noise : float
        The standard deviation of the errors, as a share of the range of the response.
    near, far : dict
        Two starts.
    """

    name: str
    model: str
    true: dict[str, float]
    x: npt.NDArray[np.float64]
    noise: float
    near: dict[str, float]
    far: dict[str, float]

    @property
    def y(self) -> npt.NDArray[np.float64]:
        """The response, rounded to eight digits as measured data are."""
        names = {name: getattr(np, name) for name in ("exp", "log", "sin", "cos", "sqrt")}
        clean = eval(self.model, {"__builtins__": {}}, {**names, **self.true, "x": self.x})
        seed = sum(map(ord, self.name))
        errors = np.random.default_rng(seed).normal(size=len(self.x))
        noisy = clean + self.noise * np.ptp(clean) * errors
        return np.array([float(f"{value:.8g}") for value in noisy])


def grid(low: float, high: float, count: int) -> npt.NDArray[np.float64]:
    """Return evenly spaced places, rounded so that they are the same everywhere."""
    return np.round(np.linspace(low, high, count), 6)


def regression(
    name: str,
    model: str,
    true: dict[str, float],
    x: npt.NDArray[np.float64],
    noise: float,
    factors: tuple[float, float] = (1.3, 3.0),
    **far: float,
) -> Regression:
    """Return a problem whose starts are the true constants times two factors, but for `far`."""
    near, away = ({key: value * factor for key, value in true.items()} for factor in factors)
    return Regression(name, model, true, x, noise, near, {**away, **far})


PROBLEMS = [
    regression("decay", "a*exp(-b*x)", {"a": 5.0, "b": 0.8}, grid(0, 5, 30), 0.01),
    regression("decay-offset", "a*exp(-b*x) + c", {"a": 3.0, "b": 0.7, "c": 1.5},
               grid(0, 10, 40), 0.01),
    regression("two-decays", "a*exp(-b*x) + c*exp(-d*x)",
               {"a": 4.0, "b": 2.0, "c": 1.0, "d": 0.3}, grid(0, 10, 60), 0.003),
    regression("three-decays", "a*exp(-b*x) + c*exp(-d*x) + q*exp(-f*x)",
               {"a": 1.0, "b": 5.0, "c": 1.0, "d": 1.2, "q": 1.0, "f": 0.25},
               grid(0, 12, 120), 1e-5, (1.1, 1.5)),
    regression("saturation", "a*(1 - exp(-b*x))", {"a": 240.0, "b": 5.5e-4},
               grid(70, 800, 25), 0.01, (1.2, 2.0), a=500.0, b=1e-4),
    regression("michaelis-menten", "a*x/(b + x)", {"a": 210.0, "b": 0.06},
               grid(0.02, 1.1, 24), 0.02),
    regression("hill", "a*x**n/(k**n + x**n)", {"a": 10.0, "n": 2.4, "k": 3.0},
               grid(0.2, 12, 40), 0.01, (1.2, 2.5)),
    regression("rational-1-1", "(a + b*x)/(1 + c*x)", {"a": 1.0, "b": 2.5, "c": 0.4},
               grid(0, 10, 30), 0.005),
    regression("rational-2-2", "(a + b*x + c*x**2)/(1 + d*x + q*x**2)",
               {"a": 1.6, "b": -0.14, "c": 0.006, "d": -0.1, "q": 0.004},
               grid(0, 30, 90), 0.003, (1.1, 1.4)),
    regression("logistic", "a/(1 + exp(b - c*x))", {"a": 72.0, "b": 2.6, "c": 0.067},
               grid(9, 79, 30), 0.01, (1.2, 1.8)),
    regression("gompertz", "a*exp(-exp(b - c*x))", {"a": 83.0, "b": 1.2, "c": 0.04},
               grid(0, 100, 40), 0.01, (1.2, 2.0)),
    regression("richards", "a/(1 + exp(b - c*x))**(1/d)",
               {"a": 700.0, "b": 5.3, "c": 0.76, "d": 1.28}, grid(1, 15, 45), 0.005, (1.1, 1.3)),
    regression("weibull-growth", "a - b*exp(-c*x**d)",
               {"a": 70.0, "b": 60.0, "c": 1e-4, "d": 2.4}, grid(5, 80, 40), 0.005, (1.1, 1.2)),
    regression("power-law", "a*x**b", {"a": 0.77, "b": 3.86}, grid(0.8, 2.0, 20), 0.005),
    regression("power-offset", "a*x**b + c", {"a": 2.0, "b": 0.4, "c": -1.0},
               grid(0.1, 20, 40), 0.005),
    regression("gaussian-peak", "a*exp(-((x - b)/c)**2) + d + q*x",
               {"a": 8.0, "b": 5.0, "c": 1.1, "d": 2.0, "q": 0.3}, grid(0, 10, 80), 0.01,
               (1.1, 1.3), b=6.5),
    regression("two-peaks", "a*exp(-((x - b)/c)**2) + d*exp(-((x - q)/f)**2) + g*exp(-h*x)",
               {"a": 10.0, "b": 4.0, "c": 0.8, "d": 7.0, "q": 6.5, "f": 1.0, "g": 5.0, "h": 0.2},
               grid(0, 12, 150), 0.005, (1.05, 1.12)),
    regression("lorentzian", "a/(1 + ((x - b)/c)**2) + d",
               {"a": 12.0, "b": -1.5, "c": 0.6, "d": 0.5}, grid(-6, 4, 60), 0.01, (1.1, 1.6)),
    regression("arrhenius", "a*exp(-b/x)", {"a": 2.5e4, "b": 3200.0},
               grid(300, 420, 25), 0.005, (1.05, 1.3)),
    regression("resistance", "a*exp(b/(x + c))", {"a": 0.0056, "b": 6180.0, "c": 345.0},
               grid(50, 125, 16), 1e-4, (1.02, 1.1)),
    regression("damped-oscillation", "a*exp(-b*x)*sin(w*x + p)",
               {"a": 2.0, "b": 0.25, "w": 3.3, "p": 0.4}, grid(0, 10, 100), 0.01,
               (1.1, 1.4), w=3.0),
    regression("sinusoid", "a*sin(b*x + c) + d", {"a": 3.0, "b": 1.7, "c": 0.6, "d": 10.0},
               grid(0, 10, 60), 0.02, (1.05, 1.3), b=1.9),
    regression("bent-line", "a + b*(x - c) + d*sqrt((x - c)**2 + q)",
               {"a": 2.0, "b": 0.2, "c": 5.0, "d": 0.9, "q": 0.3}, grid(0, 10, 60), 0.005,
               (1.1, 1.4)),
]  # fmt: skip
