"""The methods: their formulas against numbers of other libraries, and what each promises."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

import steepest as st
from families import FIRST_ORDER
from objectives import quadratic, rosenbrock
from steepest.descent import methods
from steepest.descent.methods import (
    AdaGrad,
    Adam,
    Adamax,
    AdamW,
    GradientDescent,
    Lion,
    Method,
    Momentum,
    Nesterov,
    RMSProp,
    Rprop,
    ScheduleFree,
    named,
)
from steepest.descent.schedules import cosine
from steepest.descent.step_length import Adaptive, BarzilaiBorwein, Silver
from steepest.errors import InputError
from steepest.objective import Objective, Vector
from symbols import Symbol, evaluated

# Fifty steps on Rosenbrock's function from (-1.2, 1) as PyTorch 2.13 (Lion: Optax 0.2.8) makes
# them: the end point and its value.
GOLDEN = [
    (GradientDescent(1e-3), -0.9895983514013361, 0.9873117915605708, 3.9649126357952036),
    (Momentum(1e-4), -0.9591420501984881, 0.9570616783258719, 3.9759394671220525),
    (
        Momentum(1e-3, dampening=0.9),
        -0.12105621849918446,
        0.04374834137784133,
        1.3414115770046138,
    ),
    (Nesterov(1e-4), -0.9850557433686704, 0.9802734924210984, 3.9503240301129985),
    (
        Momentum(1e-4, weight_decay=1e-2),
        -0.9588708123703205,
        0.9565663851362213,
        3.9750619448288664,
    ),
    (AdaGrad(0.1), -1.0324556778006626, 1.0722238032038849, 4.134793686188907),
    (
        AdaGrad(0.1, learning_rate_decay=0.01, initial_accumulator=0.1),
        -1.0386129593978164,
        1.0849846067015954,
        4.1598712387409735,
    ),
    (RMSProp(1e-2), -1.0280226043085812, 1.0630854095511284, 4.116788104248732),
    (
        RMSProp(1e-3, alpha=0.9, momentum=0.9, centered=True),
        -1.0550561603169009,
        1.113489503080567,
        4.223267793771171,
    ),
    (named("adadelta"), -1.0928550025168093, 1.1089500515456634, 5.109050739006118),
    (Adam(1e-2), -1.0637736608874697, 1.1127120165030842, 4.294891739600251),
    (
        Adam(1e-2, weight_decay=1e-2),
        -1.0637238496251922,
        1.1126038955394524,
        4.2946942632554865,
    ),
    (AdamW(1e-2, weight_decay=1e-2), -1.0600067269301396, 1.1052388357816954, 4.277393340696806),
    (
        named("amsgrad", learning_rate=1e-2),
        -1.0637541093115968,
        1.1127507870818043,
        4.29450785984281,
    ),
    (named("nadam", learning_rate=1e-2), -1.0572216162144306, 1.1294398684613751, 4.24590206309863),
    (Lion(1e-3, weight_decay=1e-3), -1.1499412264503772, 1.0499487762445805, 12.043297600470156),
    (Adamax(1e-2), -1.0548457560071123, 1.1414533808017182, 4.305069250487587),
    (Rprop(1e-2), -0.9635771595748897, 0.933455440146196, 3.8581098243327476),
]


def end_point(method: Method, objective: Objective, steps: int) -> Vector:
    """Return where a method with a fixed rate is after some steps."""
    x = objective.start
    state = method.initial_state(x)
    rate = method.default_rate if method.learning_rate is None else method.learning_rate
    for step in range(1, steps + 1):
        direction, state = method.direction(x, objective.value_and_gradient(x)[1], state, step)
        x = x + rate * direction
    return x


@pytest.mark.parametrize(("method", "x", "y", "value"), GOLDEN, ids=lambda v: str(v)[:40])
def test_fifty_steps_on_rosenbrock_equal_the_reference(method, x, y, value):
    objective = rosenbrock()
    end = end_point(method, objective, 50)
    np.testing.assert_allclose(end, [x, y], rtol=1e-12)
    assert objective.value(end) == pytest.approx(value, rel=1e-12)


def test_only_three_methods_choose_their_step_length_by_themselves():
    automatic = {name for name, method in FIRST_ORDER.items() if method.default_rate is None}
    assert automatic == {"gradient-descent", "momentum", "nesterov"}


VARIANTS = [
    *(method() for method in FIRST_ORDER.values()),
    *(method(weight_decay=0.1) for method in FIRST_ORDER.values()),
    Momentum(dampening=0.5),
    AdaGrad(learning_rate_decay=0.1, initial_accumulator=0.5),
    RMSProp(momentum=0.9, centered=True),
    ScheduleFree(warm_up=2),
]


@pytest.mark.parametrize("method", VARIANTS, ids=repr)
def test_a_traced_rule_gives_the_numbers_of_the_rule_itself(method):
    # A rule that branches on values, or uses a function outside the list, fails in `Symbol`.
    generator = np.random.default_rng(1)
    x, gradient = generator.normal(size=3), generator.normal(size=3)
    state = method.initial_state(x)
    symbols = {name: Symbol.named(name) for name in state}
    traced, traced_state = method.direction(
        Symbol.named("x"), Symbol.named("gradient"), symbols, Symbol.named("step")
    )
    for step in (1, 2, 3):
        inputs = {"x": x, "gradient": gradient, "step": step, **state}
        direction, state = method.direction(x, gradient, state, step)
        np.testing.assert_array_equal(evaluated(traced, inputs), direction)
        assert traced_state.keys() == state.keys()
        for name, value in state.items():
            np.testing.assert_array_equal(evaluated(traced_state[name], inputs), value)
        x, gradient = generator.normal(size=3), generator.normal(size=3)


@pytest.mark.parametrize("method", VARIANTS, ids=repr)
def test_a_rule_keeps_single_precision(method):
    x, gradient = np.array([[0.3, -2.0], [1.5, -0.2]], dtype=np.float32)
    state = method.initial_state(x)
    for step in range(1, 9):
        direction, state = method.direction(x, gradient, state, step)
        assert direction.dtype == np.float32
        assert {value.dtype for value in state.values() if np.ndim(value)} <= {x.dtype}


@pytest.mark.parametrize("method", VARIANTS, ids=repr)
def test_a_rule_works_on_each_coordinate_alone(method):
    x, gradient = np.array([0.3, -2.0]), np.array([1.5, -0.2])
    both, _ = method.direction(x, gradient, method.initial_state(x), 1)
    for i in range(2):
        alone, _ = method.direction(x[i : i + 1], gradient[i : i + 1],
                                    method.initial_state(x[i : i + 1]), 1)  # fmt: skip
        assert alone[0] == both[i]


@pytest.mark.parametrize("method", VARIANTS, ids=repr)
def test_a_rule_leaves_its_inputs_alone(method):
    x, gradient = np.array([0.3, -2.0]), np.array([1.5, -0.2])
    state = method.initial_state(x)
    before = {name: np.copy(value) for name, value in state.items()}
    method.direction(x, gradient, state, 1)
    assert x.tolist() == [0.3, -2.0]
    assert gradient.tolist() == [1.5, -0.2]
    for name, value in before.items():
        np.testing.assert_array_equal(state[name], value)


@pytest.mark.parametrize("method", [m() for m in FIRST_ORDER.values()], ids=lambda m: m.name)
def test_the_first_step_goes_downhill(method):
    objective = quadratic([1.0, 10.0], [3.0, -2.0])
    gradient = objective.value_and_gradient(objective.start)[1]
    state = method.initial_state(objective.start)
    direction, _ = method.direction(objective.start, gradient, state, 1)
    assert gradient @ direction < 0


@pytest.mark.parametrize(
    "method", [GradientDescent(), Momentum(), Momentum(dampening=0.5), Nesterov()], ids=repr
)
def test_a_quadratic_diverges_just_above_the_stable_rate_and_not_below(method):
    objective = quadratic([1.0, 50.0], [1.0, 1.0])
    threshold = method.stable_rate(50.0)

    def size(rate):
        return abs(end_point(replace(method, learning_rate=rate), objective, 2000)).max()

    assert size(0.99 * threshold) < 1
    assert size(1.01 * threshold) > 1e6


def test_a_centered_variance_never_turns_negative():
    method = RMSProp(centered=True)
    x, gradient = np.zeros(1), np.array([0.1])
    state = method.initial_state(x)
    for step in range(1, 5000):
        direction, state = method.direction(x, gradient, state, step)
        assert np.isfinite(direction[0])


def test_an_unknown_method_is_told_the_nearest_and_all_names():
    with pytest.raises(InputError, match=r"no method 'adm'.*'adam'.*gradient-descent.*lion"):
        named("adm")


def test_an_unknown_option_is_told_the_options_of_the_method():
    with pytest.raises(InputError, match=r"'adam' has no option 'beta'.*beta1.*epsilon"):
        named("adam", beta=0.9)


@pytest.mark.parametrize("rate", [0, -0.1, float("nan"), float("inf"), "fast", True])
def test_a_learning_rate_that_cannot_be_is_refused(rate):
    with pytest.raises(InputError, match=r"learning_rate=.* cannot be used in GradientDescent"):
        GradientDescent(learning_rate=rate)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("momentum", {"momentum": 1.0}),
        ("adam", {"beta1": -0.1}),
        ("adam", {"epsilon": 0.0}),
        ("rmsprop", {"centered": 1}),
        ("gradient-descent", {"weight_decay": -1.0}),
    ],
)
def test_an_option_out_of_its_range_is_refused(name, options):
    with pytest.raises(InputError, match=next(iter(options))):
        named(name, **options)


def test_every_method_is_reached_by_its_own_name():
    for name, method in methods.METHODS.items():
        assert type(named(name)) is method
        assert method.name == name


@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("barzilai-borwein", BarzilaiBorwein()),
        ("adaptive-gradient-descent", Adaptive()),
        ("silver", Silver()),
    ],
)
def test_some_names_are_gradient_descent_with_a_step_length(name, length):
    assert named(name) == GradientDescent(step_length=length)
    assert name in methods.NAMES


def test_these_names_take_the_options_of_the_step_length():
    assert named("silver", doublings=3).step_length == Silver(doublings=3)
    with pytest.raises(InputError, match="no option 'momentum'"):
        named("silver", momentum=0.5)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("BFGS", "bfgs"),
        ("L-BFGS-B", "l-bfgs"),
        ("l-bfgs-b", "l-bfgs"),
        ("CG", "conjugate-gradient"),
        ("cg", "conjugate-gradient"),
        ("Newton-CG", "newton"),
        ("trust-exact", "newton"),
    ],
)
def test_names_of_scipy_are_understood_however_they_are_written(name, ours):
    assert named(name) == named(ours)


def test_every_name_of_scipy_means_a_method():
    assert set(methods.OF_SCIPY.values()) <= set(methods.METHODS)


def test_what_finds_its_rate_itself_says_so():
    for name, option in [
        ("schedule-free", {"learning_rate": cosine(0.1, steps=10)}),
        ("schedule-free", {"step_length": Adaptive()}),
        ("prodigy", {"step_length": Adaptive()}),
    ]:
        with pytest.raises(InputError, match=r"needs one learning_rate|finds the length"):
            named(name, **option)


def test_a_method_that_remembers_nothing_needs_no_initial_state():
    @dataclass(frozen=True)
    class SignDescent(st.methods.FirstOrderMethod):
        name = "sign-descent"

        def direction(self, x, gradient, state, step):
            return -np.sign(gradient), state

    walk = st.minimize("x**2", 1.0, method=SignDescent(learning_rate=0.25), max_steps=2)
    assert walk.history.x.ravel().tolist() == [1.0, 0.75, 0.5]
    assert walk.program is not None
