"""Run the race: `python -m benchmarks.race [JOB ...] [--write FILE]`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.race.job import Job
from benchmarks.race.report import goals_table, heading, job_table
from benchmarks.race.running import Contender, raced
from benchmarks.race.worker import job_of
from steepest.program.native.cache import DIRECTORY

JOBS = (
    "cold",
    "walk",
    "steps",
    "exponential",
    "waves",
    "starts",
    "cubic",
    "curve",
    "call_two",
    "call_twenty",
    "logistic",
    "logistic_solved",
    "chained",
    "extended",
    "network",
)


def main() -> None:
    """Run the jobs that are named, or all, and print or write the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.race", description=__doc__)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=", ".join(JOBS))
    parser.add_argument("--write", type=Path, help="the file for the tables")
    asked = parser.parse_args()
    unknown = [name for name in asked.jobs if name not in JOBS]
    if unknown:
        parser.error(f"there is no job {unknown[0]!r}: there are {', '.join(JOBS)}")
    results: list[tuple[Job, list[Contender]]] = []
    tables = []
    with TemporaryDirectory() as cache:
        os.environ[DIRECTORY] = cache
        for name in asked.jobs or JOBS:
            job = job_of(name)
            try:
                contenders, missing = raced(name, job)
            except ValueError as error:
                tables.append(f"## {job.title}\n\nNot raced: {error}.\n")
                print(tables[-1], flush=True)
                continue
            results.append((job, contenders))
            tables.append(job_table(job, contenders, missing))
            print(tables[-1], flush=True)
    goals = goals_table(results)
    print(goals)
    if asked.write:
        asked.write.write_text("\n".join([heading(), goals, *tables]), encoding="utf-8")


main()
