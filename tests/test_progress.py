"""How far a long descent has come: a line on a terminal, plain lines in logs, a cell's output."""

from __future__ import annotations

import io
import sys
import types
from dataclasses import dataclass

import numpy as np
import pytest

import steepest as st
from steepest.descent import progress
from steepest.descent.progress import CLEAR, Pace, ProgressDisplay


@dataclass
class Record:
    step: int
    fun: float = 0.5
    gradient_norm: float = 1e-3
    evaluations: int = 0


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    found = Clock()
    monkeypatch.setattr(progress, "monotonic", found)
    return found


def stderr_is(found, monkeypatch):
    # Pytest puts a file of its own in the place of sys.stderr after fixtures were made.
    monkeypatch.setattr(progress, "sys", types.SimpleNamespace(stderr=found, modules=sys.modules))
    return found


@pytest.fixture
def terminal(monkeypatch):
    return stderr_is(Terminal(), monkeypatch)


@pytest.fixture
def log(monkeypatch):
    return stderr_is(io.StringIO(), monkeypatch)


def test_a_short_descent_shows_nothing(terminal, clock):
    with ProgressDisplay(patience=0.5) as display:
        display(Record(1), 1e-6)
    assert terminal.getvalue() == ""


def test_it_stays_on_one_line_and_goes_away(terminal, clock):
    with ProgressDisplay(patience=0.5) as display:
        for seconds in (0.2, 0.8, 0.01, 1.0):
            clock.now += seconds
            display(Record(12_000), 1e-6)
    shown = terminal.getvalue()
    assert "\n" not in shown
    assert shown.count("step 12,000") == 2
    assert "gradient 1.00e-03 (goal 1.00e-06)" in shown
    assert shown.endswith(CLEAR)


def test_a_log_gets_a_plain_line_now_and_then(log, clock):
    with ProgressDisplay() as display:
        for step in range(1000):
            display(Record(step), 1e-6)
            clock.now += 1
    lines = log.getvalue().splitlines()
    # After 10 seconds, and then 20, 40, 80, 160, 300 and 300 later.
    assert [line.split("   ")[0] for line in lines] == [
        f"step {step}" for step in (10, 30, 70, 150, 310, 610, 910)
    ]
    assert "\x1b" not in log.getvalue()
    assert "\r" not in log.getvalue()


def test_the_time_left_is_told_by_steps_where_their_number_is_known(log, clock):
    display = ProgressDisplay()
    display.begin(400)
    display(Record(0), 1e-6)
    clock.now += 50
    display(Record(100), 1e-6)
    assert log.getvalue().endswith("   about 2 min 30 s left\n")


def test_the_time_left_is_told_by_the_gradient_elsewhere(log, clock):
    display = ProgressDisplay()
    display.begin(None)
    display(Record(0, gradient_norm=1.0), 1e-6)
    clock.now += 30
    display(Record(100, gradient_norm=1e-2), 1e-6)
    assert log.getvalue().endswith("   about 1 min 0 s left\n")
    clock.now += 300
    display(Record(200, gradient_norm=3.0), 1e-6)
    assert "left" not in log.getvalue().splitlines()[-1]


def test_rows_are_told_in_passes(log, clock):
    display = ProgressDisplay(pace=Pace(rows=1_000_000, each=10_000, passes=5))
    display.begin(500)
    display(Record(0, evaluations=1), 1e-6)
    clock.now += 20
    display(Record(150, fun=0.25, evaluations=151), 1e-6)
    assert log.getvalue() == "pass 1.5 of 5   loss 0.25   75k rows/s   about 47 s left\n"


def test_a_fit_in_batches_tells_its_passes(terminal):
    data = {"x": np.linspace(0, 1, 40), "y": np.linspace(0, 1, 40) ** 2}
    options = {"batch_size": 10, "epochs": 3, "start": {"a": 1.0}, "learning_rate": 0.1}
    st.fit("y ~ a*x", data, progress=True, **options)
    assert "pass 0.2 of 3   loss " in terminal.getvalue()


def test_a_fit_of_all_rows_tells_its_passes_and_its_gradient(terminal):
    data = {"x": np.linspace(0, 1, 40), "y": np.linspace(0, 1, 40) ** 2}
    st.fit("y ~ a*x**b", data, loss="huber", start={"a": 1.0, "b": 1.0}, progress=True)
    assert "pass 1.0   loss " in terminal.getvalue()
    assert "(goal " in terminal.getvalue()


def test_a_notebook_shows_one_line_below_the_cell(log, clock, monkeypatch):
    shown = []

    class Handle:
        def update(self, data, raw):
            shown.append(data["text/plain"])

    def display(data, raw, display_id):
        shown.append(data["text/plain"])
        return Handle()

    shell = types.SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    python = types.ModuleType("IPython")
    python.get_ipython = lambda: shell
    displays = types.ModuleType("IPython.display")
    displays.display = display
    monkeypatch.setitem(sys.modules, "IPython", python)
    monkeypatch.setitem(sys.modules, "IPython.display", displays)
    with ProgressDisplay() as found:
        for step in range(3):
            found(Record(step), 1e-6)
            clock.now += 1
    assert [line.split("   ")[0] for line in shown] == ["step 0", "step 1", "step 2"]
    assert log.getvalue() == ""


def test_steps_that_are_not_shown_are_not_made_into_records(log, monkeypatch):
    made = []
    known = st.Step.of.__func__

    def counted(cls, *what):
        made.append(what)
        return known(cls, *what)

    monkeypatch.setattr(st.Step, "of", classmethod(counted))
    st.minimize("x**4 + y**2", [1, 2], method="bfgs", progress=True)
    assert len(made) == 1


@pytest.mark.parametrize("name", ["tensorboard_callback", "mlflow_callback"])
def test_a_dashboard_that_is_not_installed_is_named(name, monkeypatch):
    for module in ("tensorboard", "tensorboard.compat.proto.event_pb2", "mlflow.entities"):
        monkeypatch.setitem(sys.modules, module, None)
    for module in ("for_tensorboard", "for_mlflow"):
        monkeypatch.delitem(sys.modules, f"steepest.interop.{module}", raising=False)
    with pytest.raises(st.MissingPackageError, match=r"pip install 'steepest\[dashboards\]'"):
        getattr(st.interop, name)
