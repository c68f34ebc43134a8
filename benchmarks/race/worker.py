"""One contender in a process of its own: `python -m benchmarks.race.worker JOB CONTENDER`.

It answers once and says how long that took, and then once for every line it is sent.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from time import perf_counter

from benchmarks.race.job import Job


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
    for _ in sys.stdin:
        began = perf_counter()
        for _ in range(job.calls):
            run()
        print((perf_counter() - began) / job.calls, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
