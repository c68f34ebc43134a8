"""How long a visitor of the lab waits: for the page, while dragging, and among fifty others."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from socket import socket
from statistics import median
from threading import Barrier, Thread
from time import perf_counter, sleep

from benchmarks.alternate import duration
from benchmarks.lab_page import Visitor, held_by
from steepest.lab.famous import FAMOUS
from steepest.lab.state import METHODS, State

USERS = 50
ROUNDS = 5
LARGEST = """() => new Promise(say => new PerformanceObserver(
    seen => say(seen.getEntries().at(0).renderTime)
).observe({type: "element", buffered: true}))"""
DRAGS = 60


def main() -> None:
    """Print how long things take, of a lab in a process of its own."""
    began = perf_counter()
    with served() as port:
        print("The lab, in a process of its own")
        line("from the command to the first answer", [perf_counter() - began])
        if (Path(__file__).parents[1] / "tests").exists() and find_spec("playwright"):
            still, moving = zip(*first_views(port), strict=True)
            line("from the address to its picture, still", list(still))
            line("from the address to the picture that moves", list(moving))
        print("\nWhile dragging, 500 steps")
        for name in ("Sines", "Rosenbrock", "Peaks"):
            one = next(famous for famous in FAMOUS if famous.name == name)
            for methods in (METHODS[:1], METHODS):
                state = State(one.formula, one.domain, one.start, methods, one.rate, steps=500)
                line(f"{name}, {len(methods)} methods", dragged(port, state))
        print(f"\n{USERS} users at once, each with a function of his own")
        line("the picture", crowded(port, "map.figure"))
        line("the critical points", crowded(port, "searched-words.children"))


def line(what: str, seconds: list[float]) -> None:
    """Print the median, and the longest."""
    longest = f"  longest {duration(max(seconds))}" if len(seconds) > 1 else ""
    print(f"{what:48} {duration(median(seconds)):>9}{longest}", flush=True)


@contextmanager
def served() -> Iterator[int]:
    """Run the lab until the context ends; give its port when it answers."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "steepest", "lab", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                if send(port, "/", None)[0] == 200:
                    break
            except OSError:
                sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()


def send(port: int, path: str, posted: bytes | None) -> tuple[int, str]:
    """Ask the lab at a port."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Content-Type": "application/json"} if posted is not None else {}
    connection.request("GET" if posted is None else "POST", path, posted, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def first_views(port: int) -> list[tuple[float, float]]:
    """Return how long both pictures take to be there, in a new browser each time."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from browser import opened

    seconds = []
    for _ in range(3):
        with opened() as browser:
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            start = perf_counter()
            page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
            page.wait_for_selector("#map .scatterlayer .trace")
            moving = perf_counter() - start
            # When the browser put it on the page, by its own clock.
            seconds.append((page.evaluate(LARGEST) / 1e3, moving))
    return seconds


def dragged(port: int, state: State) -> list[float]:
    """Return how long each place of a dragged ball takes to be answered."""
    visitor = Visitor(lambda path, posted: send(port, path, posted))
    low, high, bottom, top = state.domain
    seconds = []
    for k in range(DRAGS):
        share = (k + 0.5) / DRAGS
        start = (low + share * (high - low), bottom + (0.2 + 0.5 * share) * (top - bottom))
        held = held_by(replace(state, start=start))
        begun = perf_counter()
        status, _ = visitor.ask("map.figure", held)
        seconds.append(perf_counter() - begun)
        assert status == 200
    return seconds[1:]


def crowded(port: int, part: str) -> list[float]:
    """Return how long each of many users waits who all ask at the same moment."""
    seconds: list[float] = []
    together = Barrier(USERS)

    def user(number: int) -> None:
        visitor = Visitor(lambda path, posted: send(port, path, posted))
        for k in range(ROUNDS):
            formula = f"sin(x)*sin(y) + 0.0{number + 1}*x*y + {k}*x/100"
            held = held_by(State(formula, steps=500))
            together.wait()
            begun = perf_counter()
            status, text = visitor.ask(part, held)
            seconds.append(perf_counter() - begun)
            assert status == 200
            assert f"0.0{number + 1}*x*y" in text

    threads = [Thread(target=user, args=(number,)) for number in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seconds) == USERS * ROUNDS, "somebody got no answer, or another's"
    return seconds
