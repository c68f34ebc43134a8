"""A run that was stopped goes on to the same bits: every method, and every kind of run."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

import steepest as st
from steepest.descent.checkpoints import recording
from steepest.descent.methods import METHODS, NAMES, DirectionMethod, named
from steepest.descent.step_length import STEP_LENGTHS, Constant

RNG = np.random.default_rng(5)
MATRIX = RNG.normal(size=(60, 40)) / 6
TARGET = RNG.normal(size=60)
START = RNG.normal(size=40)
OPTIONS = {"polyak": {"lowest": 0.0}, "optimized-schedule": {"steps": 20}}
RATES = {
    "adagrad": 0.5,
    "rmsprop": 0.05,
    "adadelta": 5.0,
    "adam": 0.1,
    "adamw": 0.1,
    "nadam": 0.1,
    "amsgrad": 0.1,
    "lion": 0.02,
    "adamax": 0.1,
    "radam": 0.001,
    "schedule-free": 0.001,
    "rprop": 0.02,
}


def bent(x):
    """A sum of squares of many variables, whose products go through BLAS."""
    r = MATRIX @ x + 0.1 * np.sum(x**2) - TARGET
    return 0.5 * np.sum(r**2)


BENT = st.function(bent)
"""Followed as a graph once, for all descents here."""


class StoppedError(Exception):
    pass


def stopping_at(step, path, kept):
    """A callback that takes a copy of the checkpoint, as a crash leaves it, and ends the run."""

    def callback(record):
        if record.step == step:
            shutil.copy(path, kept)
            raise StoppedError

    return callback


def gone_on(run, folder, stop, **given):
    """Return the result of a run that crashed after some steps and was gone on with."""
    path, kept = folder / "run.ckpt", folder / "kept.ckpt"
    checkpoint = st.Checkpoint(path, every_steps=3 if stop > 3 else 1)
    with pytest.raises(StoppedError):
        run(checkpoint=checkpoint, callback=stopping_at(stop, path, kept))
    return st.resume(kept, **given)


def assert_same(found, expected):
    """Every field and every bit, but for the time it took."""
    one, other = found.history, expected.history
    for name in ("step", "x", "fun", "gradient", "rate", "accepted", "evaluations"):
        a, b = getattr(one, name), getattr(other, name)
        assert (a.dtype, a.shape) == (b.dtype, b.shape), name
        assert a.tobytes() == b.tobytes(), name
    for name in ("position", "gradient"):
        assert getattr(found, name).tobytes() == getattr(expected, name).tobytes(), name
    for name in (
        *("fun", "nit", "nfev", "njev", "nhev", "success", "status", "message", "reason"),
        *("as_asked", "method", "options", "notices", "names", "seed", "suggested_rate"),
    ):
        assert getattr(found, name) == getattr(expected, name), name
    assert found.verdict == expected.verdict
    assert found.explain() == expected.explain()


def options_of(name):
    method = named(name)
    if name in RATES:
        method = replace(method, learning_rate=RATES[name])
    return method


@pytest.mark.parametrize("stop", [2, 5, 11])
@pytest.mark.parametrize("name", NAMES)
def test_every_method_goes_on_to_the_same_bits(name, stop, tmp_path):
    method = options_of(name)
    run = partial(st.minimize, BENT, START, method=method, max_steps=25)
    expected = run()
    assert expected.nit >= 4
    stop = min(stop, expected.nit)
    assert_same(gone_on(run, tmp_path, stop, fun=BENT), expected)


@pytest.mark.parametrize("name", STEP_LENGTHS)
def test_every_step_length_goes_on_to_the_same_bits(name, tmp_path):
    length = STEP_LENGTHS[name](**OPTIONS.get(name, {}))
    run = partial(st.minimize, BENT, START, method="nesterov", step_length=length, max_steps=25)
    assert_same(gone_on(run, tmp_path, 8, fun=BENT), run())


@pytest.mark.parametrize(
    "name", [name for name in METHODS if METHODS[name].capabilities.takes_bounds]
)
def test_within_bounds(name, tmp_path):
    bounds = [(-0.5, 0.7)] * 40
    run = partial(
        *(st.minimize, BENT, np.clip(START, -0.5, 0.7)),
        method=options_of(name),
        bounds=bounds,
        max_steps=20,
    )
    expected = run()
    assert_same(gone_on(run, tmp_path, min(5, expected.nit), fun=BENT), expected)


@pytest.mark.parametrize("name", ["adam", "l-bfgs", "newton", "levenberg-marquardt"])
def test_in_single_precision(name, tmp_path):
    start = START.astype(np.float32)
    run = partial(st.minimize, BENT, start, method=options_of(name), max_steps=15)
    expected = run()
    assert expected.position.dtype == np.float32
    assert_same(gone_on(run, tmp_path, min(4, expected.nit), fun=BENT), expected)


@pytest.mark.parametrize(
    "rate",
    [
        st.schedules.cosine(0.01, steps=30),
        st.schedules.warm_up(st.schedules.constant(0.01), steps=10),
    ],
)
def test_a_schedule_goes_on_where_it_was(rate, tmp_path):
    run = partial(st.minimize, "x**4 + 3*y**2", [1, 2], learning_rate=rate, max_steps=40)
    expected = run(checkpoint=tmp_path / "whole.ckpt")
    assert_same(gone_on(run, tmp_path, 17), expected)


def test_variables_of_unlike_units_go_on(tmp_path):
    scale = 10.0 ** np.linspace(-6, 6, 60)

    def unlike(x):
        return np.sum((x * scale - 1) ** 2) + np.sum((x * scale) ** 4)

    run = partial(st.minimize, unlike, np.zeros(60), max_steps=30)
    expected = run()
    assert "units" in expected.options["chosen_because"]
    assert_same(gone_on(run, tmp_path, 5, fun=unlike), expected)


@pytest.mark.parametrize(
    "stop",
    ["gradient", "no-descent", st.stopping.Value(0.5), st.stopping.Gradient(1e-3)],
)
def test_every_stop_rule_ends_it_at_the_same_step(stop, tmp_path):
    formula = "(1-x)**2 + 100*(y-x**2)**2"
    run = partial(st.minimize, formula, [-1.2, 1.0], method="l-bfgs", stop=stop)
    expected = run()
    assert_same(gone_on(run, tmp_path, 3), expected)


@pytest.mark.parametrize("stop", ["gradient", "no-descent"])
@pytest.mark.parametrize("bounds", [None, [(-2, 0.5), (-2, 2)]])
def test_a_run_that_keeps_no_history_goes_on(stop, bounds, tmp_path):
    run = partial(
        *(st.minimize, "(1-x)**2 + 100*(y-x**2)**2", [-1.2, 1.0]),
        method="momentum",
        learning_rate=1e-3,
        max_steps=300,
        history=False,
        stop=stop,
        bounds=bounds,
    )
    expected = run()
    found = gone_on(run, tmp_path, min(31, expected.nit))
    assert_same(found, expected)
    assert len(found.history) <= 3


def test_rules_of_ones_own_want_a_history(tmp_path):
    class Far(st.stopping.Stop):
        def begin(self, value, gradient):
            return lambda step, value, gradient: None

    with pytest.raises(st.InputError, match="history=False a checkpoint holds only a few"):
        st.minimize("x**2", 1.0, stop=Far(), history=False, checkpoint=tmp_path / "run.ckpt")


def test_a_search_from_many_starts_goes_on(tmp_path):
    run = partial(
        *(st.minimize, "sin(3*x) + sin(5*y) + x**2/9 + y**2/9", [1.0, 1.0]),
        starts=12,
        bounds=[(-3, 3), (-3, 3)],
        method="l-bfgs",
    )
    expected = run()
    path = tmp_path / "run.ckpt"
    seen = []

    def crash(record):
        seen.append(record.step)
        if len(seen) == 15:
            raise StoppedError

    with pytest.raises(StoppedError):
        run(checkpoint=st.Checkpoint(path, every_steps=2), callback=crash)
    found = st.resume(path)
    assert_same(found, expected)
    assert repr(found.minima) == repr(expected.minima)
    assert found.search.evaluations == expected.search.evaluations


def test_a_checkpoint_changes_nothing_of_what_comes_out(tmp_path):
    for method in ("gradient-descent", "l-bfgs", "newton"):
        run = partial(st.minimize, BENT, START, method=method, max_steps=10)
        assert_same(run(checkpoint=tmp_path / "run.ckpt"), run())


def test_a_run_goes_on_under_a_larger_limit(tmp_path):
    run = partial(st.minimize, BENT, START, method="bfgs")
    short = run(max_steps=4, checkpoint=tmp_path / "run.ckpt")
    assert short.reason is st.Reason.MAX_STEPS
    expected = run(max_steps=12)
    assert_same(short.resume(max_steps=12), expected)
    again = st.resume(tmp_path / "run.ckpt", fun=BENT, max_steps=12)
    assert_same(again, expected)
    assert_same(run(max_steps=4).resume(max_steps=12), expected)


def test_what_would_have_ended_a_run_earlier_is_refused(tmp_path):
    path = tmp_path / "run.ckpt"
    st.minimize(BENT, START, method="bfgs", max_steps=9, checkpoint=path)
    before = path.read_bytes()
    with pytest.raises(st.InputError, match=r"has made 9 steps already.*step 4 \(MAX_STEPS\)"):
        st.resume(path, fun=BENT, max_steps=4)
    assert path.read_bytes() == before


def test_the_time_of_a_run_counts_that_before_it_was_stopped(tmp_path, monkeypatch):
    """On a clock that goes on by a second whenever it is read."""
    monkeypatch.setattr(recording, "perf_counter", partial(next, itertools.count()))
    path = tmp_path / "run.ckpt"
    st.minimize(BENT, START, method="bfgs", max_steps=9, checkpoint=path)
    with pytest.raises(st.InputError, match=r"9 steps already.*\(MAX_SECONDS\)"):
        st.resume(path, fun=BENT, max_seconds=6)
    found = st.resume(path, fun=BENT, max_steps=1000, max_seconds=30)
    assert found.reason is st.Reason.MAX_SECONDS
    assert 9 < found.nit < 30
    assert (np.diff(found.history.seconds) > 0).all()


def test_a_finished_run_comes_out_once_more_without_a_step(tmp_path):
    seen = []
    expected = st.minimize(BENT, START, checkpoint=tmp_path / "run.ckpt", method="l-bfgs")
    found = st.resume(tmp_path / "run.ckpt", fun=BENT, callback=seen.append)
    assert_same(found, expected)
    assert not seen


def test_a_callback_is_not_shown_again_what_it_saw(tmp_path):
    run = partial(st.minimize, "x**4", 2.0, learning_rate=0.01, max_steps=30)
    with pytest.raises(StoppedError):
        run(
            checkpoint=st.Checkpoint(tmp_path / "run.ckpt", every_steps=5),
            callback=stopping_at(12, tmp_path / "run.ckpt", tmp_path / "kept.ckpt"),
        )
    seen = []
    st.resume(tmp_path / "kept.ckpt", callback=lambda record: seen.append(record.step))
    assert seen == list(range(11, 31))


def test_a_method_of_ones_own_says_what_its_memory_is_made_of(tmp_path):
    class Heavy(METHODS["bfgs"]):
        def direction(self, x, gradient, state, step):
            direction, state = super().direction(x, gradient, {**state}, step)
            return direction, {**state, "seen": {1, 2}}

    with pytest.raises(st.InputError, match=r"a value of the type set.*memory_types"):
        st.minimize(BENT, START, method=Heavy(), checkpoint=tmp_path / "run.ckpt")


def test_every_method_that_is_known_takes_part():
    assert set(METHODS) <= set(NAMES)
    lengths = [m.length for m in map(options_of, METHODS) if isinstance(m, DirectionMethod)]
    assert any(isinstance(length, Constant) for length in lengths)
