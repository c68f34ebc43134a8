"""The processes of a race, and the turns they take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter, sleep

from benchmarks.race.job import OURS, Job

TURNS = 41
"""How often it is each contender's turn, at most."""

FEWEST = 5

PAUSE = 0.05
"""Seconds after a turn, in which the threads of some contenders go on spinning."""

SECONDS = 15.0
"""How long all turns of a job may take, if each contender has had the fewest."""


@dataclass
class Contender:
    """One process, and what is known of it.

    Attributes
    ----------
    new : float
        Seconds of the first process of all, from start to answer, nothing being compiled before.
    cold, first : float
        Seconds of this process from start to answer, and of its first call.
    warm, busy : list of float
        Seconds of its turns, the machine being free, and another program using one processor.
    """

    name: str
    process: subprocess.Popen[str]
    new: float
    cold: float
    first: float
    answer: list[float]
    warm: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    def turn(self) -> float:
        """Return the seconds of one more answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def stop(self) -> None:
        """End the process."""
        self.process.communicate()

    @property
    def median(self) -> float:
        """The middle of its turns."""
        return median(self.warm)


def started(name: str, job: Job, contender: str) -> Contender | str:
    """Return a contender that has answered twice, in two processes; or why there is none."""
    environment = {**os.environ, **job.environment.get(contender, {})}
    command = [sys.executable, "-m", "benchmarks.race.worker", name, contender]
    new = 0.0
    for attempt in range(2):
        began = perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = perf_counter() - began
        if not line:
            return f"it ended with code {process.wait()}"
        said = json.loads(line)
        if "missing" in said:
            process.communicate()
            return str(said["missing"])
        if attempt == 0:
            new = seconds
            process.communicate("")
    return Contender(contender, process, new, seconds, said["first"], said["answer"])


def raced(name: str, job: Job) -> tuple[list[Contender], dict[str, str]]:
    """Return all contenders of a job after their turns, and those that are missing, with reasons.

    Raises
    ------
    ValueError
        Where two answers differ.
    """
    found, missing = [], {}
    for contender in job.contenders:
        one = started(name, job, contender)
        if isinstance(one, str):
            missing[contender] = one
        else:
            found.append(one)
    ours = next(one for one in found if one.name == OURS)
    for one in found:
        if not job.agree(one.answer, ours.answer):
            for other in found:
                other.stop()
            raise ValueError(f"{one.name} answers {one.answer[:6]}, and not {ours.answer[:6]}")
    take_turns(found, "warm", SECONDS)
    hog = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        take_turns(found, "busy", SECONDS / 3)
    finally:
        hog.kill()
        hog.wait()
    for one in found:
        one.stop()
    return found, missing


def take_turns(contenders: list[Contender], which: str, seconds: float) -> None:
    """Let all answer in turn."""
    began = perf_counter()
    for turn in range(TURNS):
        if turn >= FEWEST and perf_counter() - began > seconds:
            return
        for one in contenders:
            getattr(one, which).append(one.turn())
            sleep(PAUSE)
