"""What people type is read as they mean it, or refused with the way out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steepest.cli.functions import check_point
from steepest.cli.values import read_names, read_options, read_point, read_rate
from steepest.descent import schedules
from steepest.errors import InputError, SteepestError


def test_a_point_may_be_written_with_expressions() -> None:
    assert read_point("x=2*pi, y = -pi/2,λ=1e-3", "--start") == {
        "x": 2 * math.pi,
        "y": -math.pi / 2,
        "λ": 1e-3,
    }


def test_a_comma_inside_a_call_separates_nothing() -> None:
    assert read_point("x=max(1,2),y=3", "--start") == {"x": 2.0, "y": 3.0}


@given(st.dictionaries(st.from_regex(r"[a-z]\w{0,5}", fullmatch=True), st.floats(-1e9, 1e9)))
def test_a_point_is_read_to_the_last_digit(point: dict[str, float]) -> None:
    text = ",".join(f"{name}={value!r}" for name, value in point.items())
    if point:
        assert read_point(text, "--start") == point


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not a point"),
        ("1,2", "not a point"),
        ("x", "not a point"),
        ("x=1,,y=2", "comma"),
        ("x=1,x=2", "twice"),
        ("x=", "was given nothing"),
        ("x=pie", "no value"),
        ("x=__import__('os')", "without quotes"),
        ("x==1", "not a point"),
    ],
)
def test_what_is_no_point_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(SteepestError, match=complaint):
        read_point(text, "--start")


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        (None, None),
        ("auto", None),
        ("0.1", 0.1),
        ("1/3", 1 / 3),
        ("cosine:0.1:500", schedules.cosine(0.1, 500)),
        ("step-decay:0.1:0.5:30", schedules.step_decay(0.1, 0.5, 30)),
        ("constant:1", schedules.constant(1)),
    ],
)
def test_a_rate_is_a_number_or_a_schedule(text: str | None, rate: object) -> None:
    assert read_rate(text) == rate


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("cosin:0.1:500", "Did you mean 'cosine'"),
        ("cosine:0.1:500:3:4:5:6", "in order, cosine:rate:steps:final"),
        ("warm_up:0.1", "in order, warm_up:rate:steps"),
        ("cosine:", "was given nothing"),
        ("cosine:-1:500", "rate"),
        ("fast", "no value"),
        ("", "was given nothing"),
    ],
)
def test_what_is_no_rate_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        read_rate(text)


def test_options_are_numbers_switches_and_words() -> None:
    pairs = ["momentum=0.9", "centered=True", "beta1=1-1e-3", "variant=long", "first=pi"]
    assert read_options(pairs) == {
        "momentum": 0.9,
        "centered": True,
        "beta1": 0.999,
        "variant": "long",
        "first": math.pi,
    }


def test_a_whole_number_stays_one() -> None:
    assert type(read_options(["memory=5"])["memory"]) is int
    assert type(read_options(["rate=5.0"])["rate"]) is float


@pytest.mark.parametrize(
    "pair", ["momentum", "=0.9", "momentum=", "momentum=fast(1)", "momentum=inf"]
)
def test_what_is_no_option_is_refused(pair: str) -> None:
    with pytest.raises(InputError):
        read_options([pair])


def test_names_are_split_at_commas() -> None:
    assert read_names(" adam,momentum ,") == ["adam", "momentum"]


def test_a_point_is_put_in_the_order_of_the_formula() -> None:
    assert list(check_point(("x", "y"), {"y": 2.0, "x": 1.0}, "--at")) == ["x", "y"]


@pytest.mark.parametrize(
    ("variables", "point", "complaint"),
    [
        (("x", "y"), None, "--start x=1,y=1"),
        (("x", "y"), {"x": 1.0}, "no value for 'y'"),
        (("alpha",), {"alhpa": 1.0}, "Did you mean 'alpha'"),
        ((), {"x": 1.0}, "no variables"),
    ],
)
def test_a_point_must_name_the_variables(
    variables: tuple[str, ...], point: dict[str, float] | None, complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        check_point(variables, point, "--start")
