"""Many starts: where they are, how they roll, and what is said of the minima they find."""

from __future__ import annotations

import numpy as np
import pytest

import steepest as st
from steepest.descent import search
from steepest.descent.bounds import box_of
from steepest.descent.many_starts import roll_down, sampled_starts
from steepest.functions import objective

HIMMELBLAU = "(x**2 + y - 11)**2 + (x + y**2 - 7)**2"
FOUR = {(3.0, 2.0), (-2.805, 3.131), (-3.779, -3.283), (3.584, -1.848)}


def rastrigin(x):
    return 10 * len(x) + sum(x**2 - 10 * np.cos(2 * np.pi * x))


def branching(x):
    return (x[0] - 2) ** 2 + x[1] ** 2 if x[0] > 0 else (x[0] + 2) ** 2 + x[1] ** 2 + 1


def test_every_minimum_is_found_counted_and_sorted():
    result = st.minimize(HIMMELBLAU, {"x": 0, "y": 0}, starts=60, seed=3)
    assert {(round(m.x["x"], 3), round(m.x["y"], 3)) for m in result.minima} == FOUR
    assert sum(m.starts for m in result.minima) + result.search.lost == 60
    assert [m.fun for m in result.minima] == sorted(m.fun for m in result.minima)
    assert result.fun == result.minima[0].fun
    assert "60 starts" in result.explain()
    assert "4 minima" in result.explain()


def test_the_lowest_of_many_valleys_is_found_where_one_descent_stops_in_the_nearest():
    bounds = [(-5.12, 5.12)] * 2
    near = st.minimize(rastrigin, [3.1, 2.9], bounds=bounds)
    far = st.minimize(rastrigin, [3.1, 2.9], bounds=bounds, starts=400)
    assert near.fun > 10
    assert far.fun == pytest.approx(0, abs=1e-10)


def test_code_that_decides_on_values_is_searched_too():
    result = st.minimize(branching, [1.0, 1.0], starts=40)
    assert [m.fun for m in result.minima] == pytest.approx([0, 1], abs=1e-10)


@pytest.mark.parametrize(
    "starts", [[[3.0, 3.0], [-3.0, 3.0]], lambda rng: rng.uniform(-4, 4, (2, 2))]
)
def test_starts_may_be_points_or_a_sampler(starts):
    result = st.minimize(HIMMELBLAU, [0.0, 0.0], starts=starts)
    assert result.search.starts == 3


def test_a_seed_decides_the_starts():
    runs = [st.minimize(HIMMELBLAU, [0.0, 0.0], starts=9, seed=seed) for seed in (1, 1, 2)]
    found = [[(m.fun, m.starts) for m in run.minima] for run in runs]
    assert found[0] == found[1] != found[2]
    assert runs[0].seed == 1


def test_starts_fill_a_box_evenly_and_never_leave_it():
    bound = objective("x**2 + y**2", [0.5, 1.0])
    box = box_of([(0, 1), (1, None)], bound.names, bound.start)
    points = sampled_starts(21, bound, box, 0)
    assert points[0].tolist() == [0.5, 1.0]
    assert np.sort(np.floor(points[1:, 0] * 20)).tolist() == list(range(20))
    assert points[:, 1].min() >= 1


def test_nothing_is_evaluated_outside_the_bounds():
    seen = []

    def spied(p):
        seen.append(float(str(p[0])))
        return float(str(p[0])) ** 4 - float(str(p[0]))

    result = st.minimize(spied, [0.2], bounds=[(0.1, 0.5)], starts=5)
    assert result.x == pytest.approx([0.5])
    assert result.at_bound == {"p[0]": "upper"}
    assert min(seen) >= 0.1
    assert max(seen) <= 0.5


def test_all_roll_together_as_each_would_alone():
    bound = objective(HIMMELBLAU, [0.0, 0.0])
    points = sampled_starts(12, bound, None, 0)
    together = roll_down(bound, points, None)
    alone = [roll_down(bound, point[None], None).points[0] for point in points]
    assert together.points == pytest.approx(np.array(alone), abs=1e-12)


def test_a_lost_start_spoils_nothing():
    result = st.minimize("x - log(x)", 0.5, starts=[[-1.0], [2.0]])
    assert result.x == pytest.approx(1.0)
    assert result.search.lost == 1
    assert "1 start ended at no minimum" in result.explain()


@pytest.mark.parametrize(
    ("starts", "complaint"),
    [
        (0, "asks for no descent"),
        ([[1.0, 2.0, 3.0]], "points of 2 variables"),
        ("many", "neither a number"),
        ([[1.0, np.nan]], "finite points"),
        (lambda rng: None, "neither a number"),
        ([{"x": 1.0, "y": 2.0}], "x0 does not"),
    ],
)
def test_what_is_no_start_is_refused(starts, complaint):
    with pytest.raises(st.InputError, match=complaint):
        st.minimize(HIMMELBLAU, [0.0, 0.0], starts=starts)


def test_a_search_where_nothing_is_defined_says_so():
    with pytest.raises(st.NonFiniteError, match="None of the 4 starts"):
        st.minimize("log(x)", -1.0, starts=4, bounds=[(-2, -0.5)])


@pytest.mark.parametrize("allowed", [1, 5, 60, 500])
def test_the_limit_on_evaluations_holds_for_all_starts_together(allowed):
    calls = []

    def counted(x):
        calls.append(1)
        return float(rastrigin(np.array([float(str(part)) for part in x])))

    def slopes(x):
        return 2 * x + 20 * np.pi * np.sin(2 * np.pi * x)

    bounds = [(-5.12, 5.12)] * 2
    options = {"jac": slopes, "bounds": bounds, "starts": 200}
    result = st.minimize(counted, [3.1, 2.9], max_evaluations=allowed, **options)
    search = result.search
    assert search.evaluations <= allowed + 25  # the one line search that passes the limit
    assert result.options["max_evaluations"] == allowed
    assert search.starts == 200
    assert search.unfollowed > 0
    assert f"{search.unfollowed} starts not followed" in result.explain()
    assert sum(one.starts for one in search.minima) + search.lost + search.unfollowed == 200


def test_the_limit_on_time_holds_for_all_starts_together():
    result = st.minimize(rastrigin, [3.1, 2.9], starts=50, max_seconds=1e-9)
    assert result.search.evaluations <= 51
    assert result.search.unfollowed == 49


def test_a_callback_that_asks_to_stop_ends_the_search():
    seen = []
    result = st.minimize(
        HIMMELBLAU, [0.0, 0.0], starts=40, callback=lambda step: seen.append(1) or 1
    )
    assert len(seen) == 1
    assert result.search.unfollowed > 0


def test_every_start_is_accounted_for_where_some_end_at_a_saddle():
    box = {"x": (0, 6), "y": (0, 6)}
    search = st.minimize("sin(x)*sin(y)", {"x": 1, "y": 1}, starts=10, bounds=box).search
    assert sum(one.starts for one in search.minima) + search.lost + search.unfollowed == 10
    many = st.minimize(rastrigin, [3.1] * 4, starts=300, bounds=[(-5.12, 5.12)] * 4).search
    assert many.unfollowed > 0
    assert sum(one.starts for one in many.minima) + many.lost + many.unfollowed == 300


@pytest.mark.parametrize("seed", ["x", -1, 2.5, True])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(st.InputError, match="seed="):
        st.minimize(HIMMELBLAU, [0.0, 0.0], starts=4, seed=seed)


def test_a_saved_search_is_read_again(tmp_path):
    start = {"x": 0.0, "y": 0.0}
    result = st.minimize(HIMMELBLAU, start, starts=20, bounds={"x": (-5, 5), "y": (None, 5)})
    result.save(tmp_path / "run.json")
    loaded = st.load(tmp_path / "run.json")
    assert loaded.search == result.search
    assert loaded.at_bound == result.at_bound
    assert loaded.explain() == result.explain()


def test_starts_go_by_names_where_the_start_does():
    points = [{"y": 3.0, "x": 3.0}, {"x": -3.0, "y": 3.0}]
    named = st.minimize(HIMMELBLAU, {"x": 0, "y": 0}, starts=points)
    rows = st.minimize(HIMMELBLAU, [0, 0], starts=[[3.0, 3.0], [-3.0, 3.0]])
    assert [m.fun for m in named.minima] == [m.fun for m in rows.minima]
    assert set(named.minima[0].x) == {"x", "y"}
    sampled = st.minimize(HIMMELBLAU, {"x": 0, "y": 0}, starts=lambda rng: points)
    assert sampled.minima == named.minima


def test_starts_with_arrays_under_their_names():
    def bowl(p):
        return (p["a"] - 1) ** 2 + ((p["w"] - 2) ** 2).sum()

    start = {"w": np.zeros((2, 2)), "a": 0.0}
    bound = objective(bowl, start)
    points = sampled_starts([{"a": 5.0, "w": [[1.0, 2.0], [3.0, 4.0]]}], bound, None, 0)
    assert points[1].tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert st.minimize(bowl, start, starts=[{"a": 5.0, "w": np.ones((2, 2))}]).success


@pytest.mark.parametrize(
    ("point", "complaint"),
    [
        ({"x": 1.0}, r"starts\[1\] gives no value for 'y': give one for each of x, y"),
        ({"x": 1.0, "y": 2.0, "yy": 3.0}, r"names 'yy', which is no variable. Did you mean 'y'"),
        ({"x": 1.0, "y": [2.0, 3.0]}, r"gives 'y' the shape \(2,\), and in x0 it is \(\)"),
        ({"x": 1.0, "y": np.inf}, "finite points"),
        ({"x": 1.0, "y": "two"}, "neither a number"),
    ],
)
def test_a_start_by_names_that_does_not_fit_is_refused(point, complaint):
    with pytest.raises(st.InputError, match=complaint):
        st.minimize(HIMMELBLAU, {"x": 0, "y": 0}, starts=[{"x": 1.0, "y": 1.0}, point])


@pytest.mark.parametrize("calls", [0, 3, 40, 90])
def test_an_interruption_while_all_roll_down_gives_the_usual_result(calls):
    made = []

    def counted(x):
        made.append(1)
        if len(made) == calls + 1:
            raise KeyboardInterrupt
        return rastrigin(x)

    def slopes(x):
        return 2 * x + 20 * np.pi * np.sin(2 * np.pi * x)

    result = st.minimize(counted, np.array([3.1, 2.9]), jac=slopes, starts=20)
    assert result.reason is st.Reason.INTERRUPTED
    assert not result.as_asked
    assert result.fun <= rastrigin(np.array([3.1, 2.9]))
    assert result.message.startswith(st.Reason.INTERRUPTED.value)
    assert result.search.starts == 20
    assert result.search.unfollowed > 0
    assert "20 starts" in result.explain()


def test_an_interruption_of_a_later_descent_is_told_of_the_lowest():
    def interrupt(step):
        if step.fun > 1 and step.step == 1:
            raise KeyboardInterrupt

    result = st.minimize(
        rastrigin, [3.1, 2.9], bounds=[(-5.12, 5.12)] * 2, starts=60, callback=interrupt
    )
    assert result.reason is st.Reason.INTERRUPTED
    assert result.status > 0
    assert result.success


def test_a_saddle_at_a_corner_whose_slope_is_rounding_is_no_minimum():
    turn = 2 * np.pi  # sin(turn) is -2.4e-16, a slope that would press against the corner
    box = {"x": (0, turn), "y": (0, turn)}
    corner = st.minimize("sin(x)*sin(y)", {"x": turn, "y": turn}, bounds=box)
    assert corner.verdict.kind == "saddle"
    result = st.minimize("sin(x)*sin(y)", {"x": 1, "y": 1}, bounds=box, starts=200)
    assert [m.x for m in result.minima if m.x["x"] == m.x["y"]] == []


@pytest.mark.parametrize("slope", [1e-12, 1.0, 1e12])
def test_a_corner_that_a_slope_of_any_size_presses_against_is_a_minimum(slope):
    result = st.minimize(lambda x: slope * (x[0] - x[1] ** 2), [0.5, 0.5], bounds=[(0, 1)] * 2)
    assert result.verdict.kind == "minimum"
    assert "held at a bound" in result.verdict.text


def test_of_many_minima_a_few_are_listed_and_the_others_counted():
    result = st.minimize(rastrigin, [3.1, 2.9], starts=60, bounds=[(-5.12, 5.12)] * 2)
    count = len(result.minima)
    assert count > 6
    assert f" and {count - 6} more." in result.explain()


def test_starts_are_grouped_with_the_lowest_one_that_is_near() -> None:
    random = np.random.default_rng(5)
    points = random.normal(size=(300, 2)) * 0.02
    values = np.where(random.random(300) < 0.1, np.nan, random.normal(size=300))
    expected: list[list[int]] = []
    for place in np.argsort(values)[: int(np.isfinite(values).sum())]:
        for group in expected:
            if np.abs(points[group[0]] - points[place]).max() <= 1e-2:
                group.append(int(place))
                break
        else:
            expected.append([int(place)])
    assert search._groups(points, values) == expected
    assert 5 < len(expected) < 100
