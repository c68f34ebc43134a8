"""One contender in a process of its own: `python -m benchmarks.race.worker JOB CONTENDER`.

It answers once and says how long that took, and then once for every line it is sent.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from time import perf_counter

from benchmarks.race.job import Job, Run

TURN_SECONDS, MOST_CALLS = 0.1, 100_000
"""Quick answers come many to a turn, so that the clock sees them and they are warm."""


def job_of(name: str) -> Job:
    """Return a job by the name of its module."""
    job = import_module(f"benchmarks.race.jobs.{name}").JOB
    assert isinstance(job, Job)
    return job


def main(name: str, contender: str) -> None:
    """Answer, and answer again."""
    job = job_of(name)
    try:
        run = job.contenders[contender]()
    except (ImportError, FileNotFoundError) as error:
        print(json.dumps({"missing": str(error)}), flush=True)
        return
    began = perf_counter()
    answer = run()
    first = perf_counter() - began
    print(json.dumps({"first": first, "answer": job.numbers(answer)}), flush=True)
    calls = calls_of_a_turn(run)
    for _ in sys.stdin:
        began = perf_counter()
        for _ in range(calls):
            run()
        print((perf_counter() - began) / calls, flush=True)


def calls_of_a_turn(run: Run) -> int:
    """Return how many answers a turn has: one, or as many as take a tenth of a second."""
    began = perf_counter()
    run()
    return max(1, min(MOST_CALLS, int(TURN_SECONDS / (perf_counter() - began))))


if __name__ == "__main__":
    main(*sys.argv[1:])
