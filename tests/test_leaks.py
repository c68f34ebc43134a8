"""Where a value leaves the graph, derivatives are numerical and say so: never silently wrong."""

from __future__ import annotations

import array
import cmath
import ctypes
import decimal
import fractions
import json
import math
import re
import struct

import numpy as np
import pytest
from scipy import integrate, interpolate, optimize

import steepest as st
from numerics import numerical_gradient

POINT = np.array([0.7, 1.3, 0.4])
c_sine = ctypes.CDLL(None).sin
c_sine.restype, c_sine.argtypes = ctypes.c_double, [ctypes.c_double]


def through_c(x):
    return c_sine(float(x[0])) * x[1]


def through_ctypes_without_float(x):
    return c_sine(x[0].__float__()) + x[1]


def through_a_list_in_c(x):
    return math.sqrt(struct.unpack("d", struct.pack("d", x.tolist()[0]))[0]) * x[1]


def through_an_array_of_c_numbers(x):
    return sum(array.array("d", [v * v for v in x]))


def through_bytes(x):
    return np.frombuffer(x.tobytes()).sum()


def through_text(x):
    return float(str(float(x[0]))) + float(f"{x[1]}") * x[2]


def through_json(x):
    return json.loads(json.dumps([float(v) for v in x]))[0] + x[1]


def through_decimals(x):
    return float(decimal.Decimal(float(x[0])) * 2) + x[1]


def through_fractions(x):
    return float(fractions.Fraction(float(x[0])) * 2) + x[1]


def through_complex_numbers(x):
    return abs(cmath.exp(1j * x[0]) * x[1]) + (x[2] + 1j * x[0]).real


def through_complex_arrays(x):
    return np.abs(np.exp(1j * x)).sum() + np.real(np.sum(x * (1 + 2j)))


def through_a_fourier_transform(x):
    return np.sum(np.abs(np.fft.fft(x)) ** 2)


def through_quadrature(x):
    return integrate.quad(lambda t: np.exp(-x[0] * t) * x[1], 0, 1)[0]


def through_a_root_finder(x):
    return optimize.brentq(lambda t: t**3 - x[0] - 1, 0, 5) * x[1]


def through_a_spline(x):
    return float(interpolate.CubicSpline([0, 1, 2], [0, x[0], x[1]])(0.5))


def through_eigenvalues(x):
    return np.linalg.eigvalsh(np.array([[x[0], x[1]], [x[1], x[2]]]))[0]


def through_an_attribute(x):
    x = np.array(x)
    x.shape = (3, 1)
    return float((x.T @ x)[0, 0])


def through_an_old_array(x, scratch=[np.zeros(3)]):
    scratch[0][:] = x
    return np.sum(scratch[0] ** 2)


def through_an_unusual_function(x):
    return np.sum(np.i0(x))


def through_types(x):
    if type(x) is np.ndarray and type(float(x[0])) is float:
        return float(np.sum(x**2))
    return 0.0


FOREIGN = [f for name, f in list(globals().items()) if name.startswith("through_")]


@pytest.mark.parametrize("f", FOREIGN, ids=lambda f: f.__name__)
def test_right_and_said_where_it_leaks(f):
    function = st.function(f)
    gradient = function.gradient(POINT)
    assert np.allclose(gradient, numerical_gradient(f, POINT), rtol=1e-5, atol=1e-7)
    if function.differentiation == "numerical":
        assert "numerically" in function.notice
        assert "test_leaks.py, line" in function.notice or "returns other values" in function.notice
    else:
        assert function.differentiation == "graph"
        assert function.notice is None


def test_most_of_these_do_leak():
    kinds = [st.function(f).bind(POINT).differentiation for f in FOREIGN]
    assert kinds.count("numerical") >= 12


ROUNDED = {
    "scalar": lambda x: np.float32(x) * np.float32(x),
    "astype": lambda x: np.square(np.asarray(x).astype("float32")),
    "array": lambda x: np.array([x], dtype=np.float32)[0] ** 2,
    "buffer": lambda x: _in_a_buffer(x),
    "cast": lambda x: np.asarray([x * x, x]).astype(np.float32)[0],
    "sum": lambda x: np.sum(np.array([x, x]), dtype=np.float32) * x,
}


def _in_a_buffer(x):
    out = np.zeros(2, dtype=np.float32)
    out[0] = x
    return out[0] * out[0]


@pytest.mark.parametrize("start", [1.0, 0.3])
@pytest.mark.parametrize("f", ROUNDED.values(), ids=ROUNDED.keys())
def test_rounding_to_fewer_digits(f, start):
    function = st.function(f)
    gradient = function.gradient(start)
    factor = 4 if f is ROUNDED["sum"] else 2
    assert function.differentiation == "numerical"
    assert "numerically" in function.notice
    assert gradient == pytest.approx(factor * start, rel=1e-3)


def test_half_precision_is_said():
    f = st.function(lambda x: np.float16(x) * x)
    f.gradient(1.0)
    assert f.differentiation == "numerical"


def test_integers_that_wrap_are_not_followed():
    f = st.function(lambda x: np.sum((100 * x).astype(np.uint8) * x))
    assert f.gradient(POINT * 3).shape == (3,)
    assert f.differentiation == "numerical"


def test_random_numbers_inside():
    f = st.function(lambda x: x**2 + 0.01 * np.random.default_rng().normal())
    f.gradient(1.0)
    assert f.differentiation == "numerical"
    assert "random numbers" in f.notice


class Annealed:
    """Its value depends on how often it was called."""

    def __init__(self):
        self.calls = 0

    def __call__(self, x):
        self.calls += 1
        return x**2 / self.calls


def test_hidden_state():
    f = st.function(Annealed())
    f.gradient(1.0)
    assert f.differentiation == "numerical"
    assert "returns other values" in f.notice


def test_counting_calls_is_harmless():
    calls = []

    def counted(x):
        calls.append(1)
        return x**2

    f = st.function(counted)
    assert f.gradient(3.0) == 6.0
    assert f.differentiation == "graph"


def test_a_notice_names_file_line_and_what_to_do():
    f = st.function(through_c)
    f.gradient(POINT)
    line = through_c.__code__.co_firstlineno + 1
    assert f"test_leaks.py, line {line}" in f.notice
    assert "c_sine(float(x[0]))" in f.notice
    assert "no derivative" in f.notice


def test_a_caught_leak_still_counts():
    def careful(x):
        try:
            return c_sine(float(x[0])) + x[1]
        except TypeError:
            return x[1]

    f = st.function(careful)
    assert f.gradient(POINT)[0] == pytest.approx(math.cos(0.7), rel=1e-7)
    assert f.differentiation == "numerical"


@pytest.mark.parametrize("text", [str, "{}".format, "%s".__mod__, lambda a: f"{a:.17g}"])
def test_text_of_a_variable_is_its_number_and_is_noticed_when_read_back(text):
    seen = []

    def through_text(a):
        seen.append(text(a))
        return float(text(a)) ** 2

    lost = st.minimize(through_text, 1.5)
    assert seen[0] == "1.5"
    assert lost.x == pytest.approx(0, abs=1e-5)
    assert "numbers are made into text here" in lost.notices[0]


def test_numbers_read_back_from_text_are_noticed():
    def through_text(a, b):
        return float(format(float(a), ".17g")) ** 2 + (b - 1) ** 2

    def shown(a, b):
        assert f"{a}"
        assert repr(b)
        return a**2 + (b - 1) ** 2

    lost = st.minimize(through_text, [3.0, 2.0])
    assert lost.x == pytest.approx([0, 1], abs=1e-5)
    place = r'test_leaks.py, line \d+ \(return float\(format\(float\(a\), ".17g"\)\)'
    assert re.search(place + ".*compute with the numbers themselves", lost.notices[0])
    kept = st.minimize(shown, [3.0, 2.0])
    assert kept.x == pytest.approx([0, 1], abs=1e-6)
    assert not kept.notices
