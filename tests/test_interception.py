"""Functions are replaced only while one trace runs, on its thread, and are back afterwards."""

from __future__ import annotations

import builtins
import math
import sys
import threading

import numpy as np
import pytest
from scipy import special

import imported_functions
import steepest as st

MODULES = (np, math, special, imported_functions, builtins, sys.modules[__name__])


def state():
    return [dict(vars(module)) for module in MODULES]


def assert_untouched(before):
    for module, old, new in zip(MODULES, before, state(), strict=True):
        assert list(old) == list(new), module.__name__
        assert all(old[name] is new[name] for name in old), module.__name__


def writes(x):
    out = np.zeros(3)
    out[:] = x
    return np.sum(out**2) + math.sin(out[0]) + float(out[1])


def raises(x):
    out = np.zeros(3)
    out[0] = x[0]
    raise RuntimeError("a mistake of one's own")


def interrupts(x):
    out = np.zeros(3)
    out[0] = math.exp(x[0])
    raise KeyboardInterrupt


def test_everything_is_back_after_a_trace():
    before = state()
    f = st.function(writes)
    f.gradient(np.ones(3))
    assert f.differentiation == "graph"
    assert_untouched(before)


def test_everything_is_back_after_code_of_another_module():
    before = state()
    assert st.function(imported_functions.starred).gradient(np.ones(4)).shape == (4,)
    assert_untouched(before)


def test_everything_is_back_when_the_function_raises():
    before = state()
    with pytest.raises(RuntimeError, match="a mistake of one's own"):
        st.function(raises).gradient(np.ones(3))
    assert_untouched(before)


def test_everything_is_back_after_an_interrupt():
    before = state()
    with pytest.raises(KeyboardInterrupt):
        st.function(interrupts).gradient(np.ones(3))
    assert_untouched(before)


def test_another_thread_sees_the_usual_functions():
    seen = {}

    def look():
        table = np.zeros(2)
        table[0] = math.sin(1.0)
        seen["types"] = [
            type(table),
            type(np.array([1.0])),
            type(np.ones_like(table)),
            type(math.sqrt(2.0)),
            type(float("2.5")),
            type(np.float64(3)),
            np.zeros(2, dtype=np.float64).dtype,
            np.asarray([1, 2], dtype=float).dtype,
        ]
        seen["isinstance"] = isinstance(2.0, float) and isinstance(np.float64(1), np.float64)
        seen["value"] = table[0]

    def meanwhile(x):
        out = np.zeros(2)
        out[:] = x
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        return np.sum(out**2)

    st.function(meanwhile).gradient(np.ones(2))
    plain = [np.ndarray] * 3 + [float, float, np.float64, np.dtype(float), np.dtype(float)]
    assert seen == {"types": plain, "isinstance": True, "value": math.sin(1.0)}


def test_two_threads_follow_at_the_same_time():
    results = {}

    def work(k):
        f = st.function(lambda x: writes(x) * k)
        results[k] = f.gradient(np.full(3, 0.5)) / k

    threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert all(np.allclose(one, results[1], rtol=1e-12) for one in results.values())


def test_a_trace_within_a_trace():
    def inner_minimum(a):
        return st.minimize(lambda t: math.cosh(t - 0.5) + np.array([t * t])[0], 0.0).fun * a

    def outer(x):
        out = np.zeros(2)
        out[:] = x
        level = inner_minimum(2.0)
        out[0] = out[1] ** 2
        return np.sum(out) * level

    before = state()
    f = st.function(outer)
    gradient = f.gradient([1.0, 2.0])
    assert f.differentiation == "graph", f.notice
    assert np.allclose(gradient, [0.0, 5.0 * inner_minimum(2.0)])
    assert_untouched(before)


def test_derivatives_nest_inside_a_followed_function():
    def outer(x):
        out = np.zeros(1)
        out[0] = st.grad(lambda t: math.exp(t) * x[0] ** 2)(x[1])
        return out[0]

    f = st.function(outer)
    assert np.allclose(f.gradient([2.0, 0.5]), [4 * math.exp(0.5), 4 * math.exp(0.5)])
    assert f.differentiation == "graph"
