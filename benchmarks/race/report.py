"""The tables of a race, as Markdown."""

from __future__ import annotations

import platform
import re
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

from benchmarks.alternate import duration
from benchmarks.race.job import OURS, Job
from benchmarks.race.running import Contender

PACKAGES = ("numpy", "scipy", "numba", "jax", "optax", "torch", "scikit-learn")


def heading() -> str:
    """Return the date, the machine and the versions."""
    versions = []
    for package in PACKAGES:
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            versions.append(f"no {package}")
    return "\n".join(
        [
            "# Results",
            "",
            f"Written by `make bench` on {date.today():%d %B %Y}: {processor()}, Python "
            f"{platform.python_version()}, {', '.join(versions)}.",
            "",
            "Every contender runs in a process of its own, and they take turns. *New* is a process "
            "from start to answer on a machine that never compiled this, *cold* the same again, "
            "*first call* its first answer without the imports, *warm* the median and *least* the "
            "shortest of later answers. *Ratio* is the time of ours over that one's: below 1 ours "
            "is quicker. *Busy* is how many times longer an answer takes (medians) while another "
            "program uses one processor. Answers are compared before times are.",
            "",
        ]
    )


def processor() -> str:
    """Return what kind of machine it is."""
    place = Path("/proc/cpuinfo")
    text = place.read_text("utf-8") if place.exists() else ""
    name = re.search(r"model name\s*: (.*)", text)
    count = len(re.findall(r"^processor", text, re.MULTILINE)) or "some"
    wide = "AVX-512" if "avx512f" in text else "AVX2" if "avx2" in text else "no AVX2"
    return f"{count} processors ({name[1] if name else platform.machine()}, {wide})"


def goals_table(results: list[tuple[Job, list[Contender]]]) -> str:
    """Return which goals are met."""
    lines = [
        "## Goals",
        "",
        "| job | against | goal | ratio | by least | |",
        "|---|---|---|---|---|---|",
    ]
    for job, contenders in results:
        known = {one.name: one for one in contenders}
        for other, goal in job.goals.items():
            if other not in known:
                lines.append(f"| {job.title} | {other} | {goal:.3g} | not here | | |")
                continue
            ratio = known[OURS].median / known[other].median
            least = min(known[OURS].warm) / min(known[other].warm)
            met = "met" if ratio <= goal else "met by least" if least <= goal else "**not met**"
            lines.append(
                f"| {job.title} | {other} | {goal:.3g} | {ratio:.3g} | {least:.3g} | {met} |"
            )
    return "\n".join([*lines, ""])


def job_table(job: Job, contenders: list[Contender], missing: dict[str, str]) -> str:
    """Return the times of all contenders of a job."""
    ours = next(one for one in contenders if one.name == OURS)
    lines = [
        f"## {job.title}",
        "",
        "| | new | cold | first call | warm | least | ratio | busy |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in sorted(contenders, key=lambda one: one.median):
        times = [one.new, one.cold, one.first, one.median, min(one.warm)]
        name = f"**{one.name}**" if one.name == OURS else one.name
        busy = median(one.busy) / one.median
        row = [name, *map(duration, times), f"{ours.median / one.median:.3g}", f"{busy:.2g}"]
        lines.append(f"| {' | '.join(row)} |")
    lines += [f"| {name} | not here: {why} | | | | | | |" for name, why in missing.items()]
    return "\n".join([*lines, ""])
