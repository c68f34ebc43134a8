"""The race of the benchmarks: jobs that can be run, and tables that say what was measured."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.race import running
from benchmarks.race.job import OURS, Job
from benchmarks.race.report import goals_table, heading, job_table
from benchmarks.race.running import Contender, raced
from benchmarks.race.worker import job_of

JOBS = sorted(
    path.stem
    for path in (Path(__file__).parents[1] / "benchmarks" / "race" / "jobs").glob("*.py")
    if path.stem != "__init__"
)


@pytest.mark.parametrize("name", JOBS)
def test_every_job_has_ours_and_goals_against_contenders(name: str) -> None:
    job = job_of(name)
    assert next(iter(job.contenders)) == OURS
    assert job.goals
    assert set(job.goals) <= set(job.contenders)
    assert set(job.environment) <= set(job.contenders)


def test_contenders_answer_in_processes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "TURNS", 2)
    job = job_of("call_two")
    some = {name: job.contenders[name] for name in (OURS, "Python by hand")}
    few = Job(job.title, some, job.digest, {"Python by hand": 100.0})
    found, missing = raced("call_two", few)
    assert not missing
    assert {one.name for one in found} == set(some)
    assert all(len(one.warm) == len(one.busy) == 2 for one in found)
    assert all(one.new > one.first > 0 for one in found)
    assert "| met |" in goals_table([(few, found)])


class Ended:
    """A process that has nothing more to say."""

    def communicate(self) -> None:
        pass


def contender(name: str, seconds: float, answer: float = 1.0) -> Contender:
    process: Any = Ended()
    return Contender(name, process, 3.0, 2.0, 1.0, [answer], [seconds], [seconds])


def test_the_tables_say_what_is_met_and_what_is_missing() -> None:
    job = Job("a sum", {}, lambda answer: answer, {"C": 2.0, "JAX": 0.1, "NumPy": 1.0})
    found = [contender(OURS, 3e-3), contender("C", 2e-3), contender("JAX", 4e-3)]
    goals = goals_table([(job, found)])
    assert "| a sum | C | 2 | 1.5 | 1.5 | met |" in goals
    assert "| a sum | JAX | 0.1 | 0.75 | 0.75 | **not met** |" in goals
    assert "| a sum | NumPy | 1 | not here | | |" in goals
    table = job_table(job, found, {"NumPy": "No module"})
    assert "| C | 3 s | 2 s | 1 s | 2 ms | 2 ms | 1.5 | 1 |" in table
    assert "| NumPy | not here: No module |" in table
    assert "processors" in heading()


def test_contenders_that_answer_otherwise_end_the_race(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {OURS: 1.0, "other": 1.1}

    def start(name: str, job: Any, who: str) -> Contender:
        return contender(who, 1e-3, answers[who])

    monkeypatch.setattr(running, "started", start)
    job = Job("a sum", dict.fromkeys(answers, list), lambda answer: answer)
    with pytest.raises(ValueError, match="other answers"):
        raced("sum", job)
