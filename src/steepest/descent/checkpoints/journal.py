"""A run as a checkpoint holds it: its descents one after the other, and when they are written."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from steepest.descent.checkpoints import container
from steepest.descent.checkpoints.checkpoint import Checkpoint
from steepest.descent.checkpoints.encoding import Array, Codec, EncodingError
from steepest.descent.checkpoints.recording import Recording, Track, codec_of
from steepest.descent.checkpoints.tracks import mark_of, plain_track, track_of
from steepest.descent.stopping import Reason
from steepest.descent.walk import Plan
from steepest.errors import InputError
from steepest.version import __version__

if TYPE_CHECKING:
    from types import TracebackType

FORMAT = "steepest-checkpoint"

SHARE = 20
"""Of the time since the last one at most one part in so many goes into writing."""

STOPPED = {Reason.INTERRUPTED, Reason.CALLBACK, Reason.MAX_SECONDS}
"""What ends a whole run: whatever it does then to end well is not part of it."""

LONGEST = 120
"""Characters of a value in an error."""

VERSIONS = ("steepest", "numpy", "python", "machine")


def versions() -> dict[str, str]:
    """Return what the last digits may depend on."""
    return {
        "steepest": __version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


class Journal:
    """Keeps the descents of a run, and writes them now and then.

    Used as a context: what was made is written at its end, whatever ends it.

    Parameters
    ----------
    checkpoint : Checkpoint
        Where and how often.
    request : dict
        What was asked for, as JSON data; see `Request`.
    arrays : list of ndarray
        The arrays of the request.
    """

    def __init__(
        self, checkpoint: Checkpoint, request: dict[str, Any], arrays: list[Array]
    ) -> None:
        checkpoint.require_place()
        self.checkpoint, self.request, self.request_arrays = checkpoint, request, arrays
        self.run = os.urandom(8).hex()
        """Tells this run from others that were kept in the same file."""
        self.elsewhere: str | None = None
        """With what other versions the run began, where it did."""
        self.tracks: list[Track] = []
        self.place = 0
        """Which descent of the run comes next."""
        self.marks: dict[int, tuple[Any, list[Array]]] = {}
        self.codec = Codec()
        self.over = False
        self.written = self.entered = perf_counter()
        self.spent = 0.0
        """The seconds of the run before this process."""
        self.cost = 0.0
        self.last_step = 0
        self.failures: list[str] = []
        self.good: int | None = None
        """The step of the last checkpoint that was written."""
        self.changed = False

    # Of files.

    def go_on(self, header: dict[str, Any], arrays: list[Array]) -> None:
        """Take over the descents of a file.

        Raises
        ------
        EncodingError
            Where the data are none of a run.
        """
        self.spent, self.run = float(header["spent"]), str(header["run"])
        began, now = ({name: where[name] for name in VERSIONS} for where in (header, versions()))
        if began != now:
            self.elsewhere = " ".join(f"{name} {version}" for name, version in began.items())
        for place, plain in enumerate(header["descents"]):
            track, mark = track_of(plain, arrays)
            self.tracks.append(track)
            self.marks[place] = mark, arrays
        self._sweep()

    def _sweep(self) -> None:
        """Delete what a process that was killed while it wrote has left beside the file."""
        file = self.checkpoint.file.resolve()
        for left in file.parent.glob(f".{file.name}.*.part"):
            left.unlink(missing_ok=True)

    def write(self) -> None:
        """Write everything; where that fails the last good checkpoint stays."""
        began = perf_counter()
        step = self.tracks[-1].step if self.tracks else 0
        try:
            container.write(self.checkpoint.path, *self.content())
        except (InputError, EncodingError) as error:
            self.failures.append(f"at step {step}: {error}")
        else:
            self.good, self.changed = step, False
        self.written = perf_counter()
        self.cost = self.written - began

    def content(self) -> tuple[dict[str, Any], list[Array]]:
        """Return the header and arrays of a file."""
        arrays = list(self.request_arrays)
        header = {
            "format": FORMAT,
            **versions(),
            "run": self.run,
            "every_steps": self.checkpoint.every_steps,
            "every_seconds": self.checkpoint.every_seconds,
            "spent": self.seconds,
            "request": self.request,
            "descents": [plain_track(track, self.codec, arrays) for track in self.tracks],
        }
        return header, arrays

    @property
    def seconds(self) -> float:
        """The time of the whole run, that before this process among it."""
        return self.spent + perf_counter() - self.entered

    @property
    def earlier(self) -> float:
        """The seconds of the run before the descent with which it goes on."""
        return self.tracks[-1].began if self.tracks else self.spent

    # Of descents.

    def recording(self, plan: Plan, keep: bool) -> Recording | None:
        """Return what keeps the next descent; None where the run is over already.

        Raises
        ------
        InputError
            Where a file has another descent in this place.
        """
        if self.over:
            return None
        place, self.place = self.place, self.place + 1
        start = np.array(plan.objective.start)
        self.codec = codec_of(plan.method)
        # Of a schedule or rule of the user's own the text ends in its address.
        method = re.sub(r" at 0x[0-9a-f]+", "", repr(plan.method))
        fresh = Track(start, tuple(plan.objective.names), method, began=self.seconds)
        if place >= len(self.tracks):
            for track in self.tracks:
                # Others follow them: only their rows are needed.
                track.mark = None
            self.tracks.append(fresh)
        track = self.tracks[place]
        self._require_same(track, fresh)
        last = place == len(self.tracks) - 1
        if place in self.marks:
            track.mark = self._mark(place, track)
            if track.mark is None and last and track.ended is None:
                track = self.tracks[place] = fresh
        elif track is not fresh:
            raise InputError("The run made a descent twice; begin it anew.")
        recording = Recording(track, plan, self, last, keep)
        recording.verify()
        if last:
            track.reason = None
        self.last_step = track.step
        return recording

    def _mark(self, place: int, track: Track) -> Any:
        """Return where the descent in a place goes on."""
        plain, arrays = self.marks.pop(place)
        try:
            return mark_of(plain, self.codec, arrays, track)
        except (EncodingError, AttributeError, TypeError) as error:
            raise container.damaged(self.checkpoint.path, str(error)) from error

    def _require_same(self, track: Track, asked: Track) -> None:
        """Refuse to go on with a descent that is not the one asked for."""
        same_start = track.start.tobytes() == asked.start.tobytes()
        for name, was, now, same in (
            ("variables are", track.names, asked.names, track.names == asked.names),
            ("method is", track.method, asked.method, track.method == asked.method),
            ("start is", track.start, asked.start, same_start),
        ):
            if not same:
                raise InputError(
                    f"{str(self.checkpoint.path)!r} is a checkpoint of another run: its {name} "
                    f"{_short(was)}, and here {_short(now)}. Give everything as it was, or begin "
                    "anew."
                )

    def due(self, step: int) -> None:
        """Write, if it is time."""
        self.changed = True
        every = self.checkpoint.every_steps
        if every is not None and step > 0 and step % every == 0:
            self.write()
            return
        interval = max(self.checkpoint.interval, SHARE * self.cost)
        if perf_counter() - self.written >= interval:
            self.write()

    def ended(self, recording: Recording, reason: Reason, step: int) -> None:
        """Take note of why a descent ended; write at once where the user stopped the run."""
        recording.is_over(reason, step)
        self.changed = True
        if reason in STOPPED:
            self.over = True
        if reason is Reason.INTERRUPTED:
            self.write()

    # Of the run.

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what was made since the last time."""
        if self.changed and self.tracks:
            self.write()

    @property
    def notices(self) -> tuple[str, ...]:
        """What one should know of how the run was kept."""
        if self.elsewhere is not None:
            own = " ".join(f"{name} {version}" for name, version in versions().items())
            return (
                f"The run was begun with {self.elsewhere} and went on with {own}: the last digits "
                "may be others than those of a run that was never stopped.",
                *self._failed,
            )
        return self._failed

    @property
    def _failed(self) -> tuple[str, ...]:
        """What went wrong with writing."""
        if not self.failures:
            return ()
        count = len(self.failures)
        times = "once" if count == 1 else f"{count} times"
        kept = (
            "There is no checkpoint of this run."
            if self.good is None
            else f"The last good one, of step {self.good}, is in {str(self.checkpoint.path)!r}."
        )
        return (
            f"The checkpoint could not be written {times}, and the run went on without; first "
            f"{self.failures[0]} {kept}",
        )

    def noted(self, result: Any) -> Any:
        """Return a result, or a fit, that says what one should know of how it was kept."""
        if not self.notices:
            return result
        return replace(result, notices=(*result.notices, *self.notices))


def _short(value: Any) -> str:
    """Return the beginning of what a value is in words."""
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[:LONGEST] + " ..."
