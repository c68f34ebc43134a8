"""Writing into arrays: fresh ones, copies, views and pieces, as NumPy does it."""

from __future__ import annotations

import numpy as np
import pytest

from numerics import assert_exact

VECTOR = np.array([0.7, -1.3, 0.45, 2.1])
TEMPLATE = np.eye(4)
MEASURED = np.array([1.0, 2.0, 0.5, -1.0])


def zeros_in_a_loop(x):
    out = np.zeros(4)
    for i in range(4):
        out[i] = x[i] ** 2 * (i + 1)
    return np.sum(out)


def empty_filled(x):
    out = np.empty((2, 2))
    out[0, 0], out[0, 1], out[1, :] = x[0], x[1] * x[2], x[2:]
    return out[0, 0] * out[1, 1] + np.sum(out**2)


def zeros_like(x):
    out = np.zeros_like(x)
    out[1:] = x[:-1] * x[1:]
    return out @ x


def ones_full(x):
    a, b = np.ones(4), np.full(4, 2.0)
    a[:2] *= x[:2]
    b -= x
    return np.sum(a * b**2)


def of_a_copy(x):
    y = x.copy()
    y[0] = x[1] * x[2]
    z = np.copy(x)
    z[-1] = y[0]
    return np.sum(x * y) + np.sum(z**2)


def through_a_slice(x):
    out = np.zeros(6)
    left = out[:3]
    left[:] = x[:3] * 2
    left[1] += x[3]
    out[3:] = left[::-1]
    return np.sum(out * np.arange(6))


def through_a_view_of_a_view(x):
    out = np.zeros((2, 4))
    row = out[1]
    half = row[::2]
    half += x[:2]
    row *= 3
    return np.sum(out**2) + out[1, 2] * half[0]


def through_reshape(x):
    out = np.zeros(4)
    table = out.reshape(2, 2)
    table[1, 0] = x[0] * x[1]
    table.T[0, 1] += x[2]
    out.ravel()[3] = x[3]
    return np.sum(out * x)


def a_copy_is_apart(x):
    out = np.zeros(4)
    out[:] = x
    kept = out.copy()
    advanced = out[[0, 1]]
    out[:] = 0.0
    advanced[0] = 5.0
    return np.sum(kept**2) + np.sum(out) + advanced[1]


def the_same_array(x):
    out = np.zeros(4)
    same = out
    same += x
    same = same * 2
    return np.sum(out * same)


def masks(x):
    y = x * 1.0
    y[y < 0] = 0.0
    y[x > 2] *= 3
    z = np.zeros(4)
    z[x < 1] = x[x < 1] ** 2
    return np.sum(y * z) + np.sum(y)


def index_arrays(x):
    out = np.zeros(5)
    out[[4, 0]] = x[:2]
    out[np.array([1, 1])] += x[2]
    np.add.at(out, [2, 2, 3], x[1:])
    return np.sum(out**2)


def bincount(x):
    return np.sum(np.bincount([0, 1, 1, 2], weights=x) ** 2)


def augmented(x):
    a = x * 1
    a += x
    a -= 1
    a *= x
    a /= 2
    a **= 2
    b = x[0]
    b += x[1]
    b *= b
    return np.sum(a) + b


def augmented_matrix(x):
    a = np.outer(x, x)
    a @= np.eye(4)
    a[0] += a[1]
    a[:, 2] -= a[2] * x[0]
    return np.sum(a**2)


def out_arguments(x):
    result = np.zeros(4)
    np.multiply(x, x, out=result)
    np.add(result, 1.0, out=result)
    np.sin(result, result)
    total = np.zeros(())
    np.sum(result, out=total)
    return total * result[0]


def array_of_scalars(x):
    a = np.array([x[0], x[1] ** 2, 3.0])
    b = np.array([[x[0], 1], [2, x[3]]], dtype=float)
    c = np.asarray([x[1], x[2]], dtype=np.float64)
    d = np.asarray(x) + np.asarray(x, dtype=float) + np.ascontiguousarray(x) + np.asanyarray(x)
    return np.sum(a) * np.linalg.det(b) * c[0] + np.sum(d**2)


def arrays_in_lists(x):
    rows = []
    for i in range(3):
        rows.append([x[i], x[i + 1]])
    rows.append(x[:2])
    return np.sum(np.array(rows) ** 2) + np.sum(np.vstack(rows) * 2.0)


def list_of_floats(x):
    out = [0.0] * 4
    for i, v in enumerate(x):
        out[i] = v * i
    return np.sum(out) + sum(out) + np.mean(np.array(out) ** 2)


def matrix_by_elements(x):
    a = np.zeros((4, 4))
    for i in range(4):
        for j in range(4):
            a[i, j] = x[i] * x[j] if i != j else 5.0 + x[i]
    return np.linalg.slogdet(a)[1] + a[1][2]


def object_array(x):
    a = np.empty(4, dtype=object)
    for i in range(4):
        a[i] = x[i] * i
    return np.sum(a * a) + np.dot(a, x)


def swapped(x):
    a = x.copy()
    a[0], a[1] = a[1], a[0]
    a[[2, 3]] = a[[3, 2]]
    return a @ np.array([1.0, 2.0, 3.0, 4.0]) * a[0]


def fill_and_diagonal(x):
    a = np.zeros((2, 2))
    a.fill(x[0])
    np.fill_diagonal(a, x[1])
    return np.sum(a**2) * a[0, 1]


def copied_into(x):
    a = np.zeros(4)
    np.copyto(a, x)
    np.put(a, [0], x[3])
    a[1:3] = [x[0], 2.0]
    return np.sum(a**2)


def sorted_in_place(x):
    a = x.copy()
    a.sort()
    return a @ np.array([1.0, 2.0, 3.0, 4.0])


def while_writing_reading(x):
    out = np.zeros(10)
    out[0] = x[0]
    for k in range(1, 10):
        out[k] = 0.5 * out[k - 1] + x[k % 4] ** 2
    return out[-1]


def broadcast_writing(x):
    a = np.zeros((3, 4))
    a[:] = x
    a[1] = x[0]
    a[:, 0] = 7.0
    a[..., -1] += np.arange(3)
    return np.sum(a * a)


def integer_array_truncates(x):
    counts = np.zeros(4, dtype=int)
    counts[:] = x * 3
    counts[0] += 2
    return np.sum(counts * x)


def boolean_array(x):
    flags = np.zeros(4, dtype=bool)
    for i in range(4):
        flags[i] = x[i] > 0
    return np.sum(x[flags]) * np.sum(flags)


def constant_table_beside(x):
    table = np.array([1.0, 2.0, 3.0, 4.0])
    table[2] = 10.0
    return np.sum(table * x)


def nested_creation(x):
    def residuals(p):
        r = np.zeros(2)
        r[0] = p[0] - 1
        r[1] = p[1] * p[2]
        return r

    jac = np.zeros((2, 2))
    jac[0] = residuals(x)
    jac[1] = residuals(x**2)
    return np.sum(jac**2)


def copy_of_a_global(x):
    m = TEMPLATE.copy()
    m[0, 1] = x[0]
    m[2] += x
    return np.linalg.det(m) + residual_in_place(x)


def residual_in_place(x):
    r = MEASURED * 2.0
    r -= x**2
    return r @ r


def _with_enclosed_data():
    data = np.arange(4.0)

    def model(x):
        r = data.copy()
        r[1:] -= x[1:] * x[0]
        return np.sum(r**2)

    return model


enclosed_data = _with_enclosed_data()


def default_data(x, start=np.zeros(4)):
    state = start.copy()
    for _ in range(3):
        state[:] = 0.5 * state + x
    return np.sum(state**2)


CASES = [
    f
    for name, f in list(globals().items())
    if getattr(f, "__module__", "") == __name__ and not name.startswith("_")
]


@pytest.mark.parametrize("f", CASES, ids=lambda f: f.__name__)
def test_gradient(f):
    assert_exact(f, VECTOR)


def test_writing_into_the_argument_does_not_reach_the_caller():
    import steepest as st

    def scaled_in_place(x):
        x *= 2
        x[0] = x[1] ** 2
        return np.sum(x**2)

    point = VECTOR.copy()
    assert_exact(lambda x: scaled_in_place(x.copy()), point)
    gradient = st.function(scaled_in_place).gradient(point)
    assert np.array_equal(point, VECTOR)
    assert np.allclose(gradient, st.function(lambda x: scaled_in_place(x.copy())).gradient(point))


class Fit:
    """Data in attributes, residuals written in place."""

    def __init__(self, data):
        self.data = data

    def residuals(self, x):
        r = self.data.copy()
        r -= x**2
        return r

    def loss(self, x):
        return np.sum(self.residuals(x) ** 2)

    def __call__(self, x):
        return 0.5 * self.loss(x)


def test_data_in_attributes():
    fit = Fit(MEASURED)
    assert_exact(fit.loss, VECTOR)
    assert_exact(fit, VECTOR)
    assert_exact(lambda x: fit.loss(x) + np.sum(x), VECTOR)
    assert type(fit.data) is np.ndarray
    assert np.array_equal(TEMPLATE, np.eye(4))
    assert np.array_equal(MEASURED, [1.0, 2.0, 0.5, -1.0])
