"""Descents as plain data and back: their rows as columns, and where the last one goes on."""

from __future__ import annotations

from typing import Any

import numpy as np

from steepest.descent.checkpoints.encoding import Array, Codec, EncodingError
from steepest.descent.checkpoints.recording import Counts, Mark, Track
from steepest.descent.problem import Iterate
from steepest.descent.stopping import Reason
from steepest.descent.walk import Row, State

PLAIN = Codec()


def plain_track(track: Track, codec: Codec, arrays: list[Array]) -> dict[str, Any]:
    """Return a descent as JSON data; its arrays are appended to a list.

    It is kept up to its mark: a step that was interrupted is made again.
    """
    last = track.step if track.mark is None else track.mark.state.step
    rows = [row for row in track.rows if row[0] <= last]
    columns = {
        "step": np.array([row[0] for row in rows], dtype=np.int64),
        "x": np.array([row[1] for row in rows]),
        "value": np.array([row[2] for row in rows], dtype=np.float64),
        "gradient": np.array([row[3] for row in rows]),
        "rate": np.array([row[4] for row in rows], dtype=np.float64),
        "accepted": np.array([row[5] for row in rows], dtype=np.bool_),
        "evaluations": np.array([row[6] for row in rows], dtype=np.int64),
        "seconds": np.array(track.seconds[: len(rows)], dtype=np.float64),
    }
    sizes = None if track.sizes is None else np.array(track.sizes[: last + 1]).reshape(-1, 2)
    outside = {
        "start": track.start,
        "names": list(track.names),
        "method": track.method,
        "rows": columns,
        "sizes": sizes,
        "reason": track.reason,
        "ended": track.ended,
        "counts": track.counts,
        "began": track.began,
    }
    plain = {name: PLAIN.encoded(value, arrays) for name, value in outside.items()}
    mark = None if track.mark is None else track.mark.plain
    return {**plain, "mark": codec.encoded(mark, arrays)}


def track_of(plain: Any, arrays: list[Array]) -> tuple[Track, Any]:
    """Return a descent, and its mark as data still, which only its method's codec can read.

    Raises
    ------
    EncodingError
        Where the data are none of a descent.
    """
    if not isinstance(plain, dict):
        raise EncodingError("a descent that is no object")
    outside = {key: PLAIN.decoded(plain[key], arrays) for key in plain if key != "mark"}
    start, columns, sizes = outside["start"], outside["rows"], outside["sizes"]
    names = tuple(outside["names"])
    if not (all(isinstance(name, str) for name in names) and isinstance(outside["method"], str)):
        raise EncodingError("names that are no text")
    for reason in (outside["reason"], outside["ended"]):
        if reason is not None and reason not in Reason.__members__:
            raise EncodingError(f"the reason {reason!r}, which is none of this version")
    rows = _rows(columns, len(names))
    if start.shape != (len(names),):
        raise EncodingError("a start of another size than its names")
    track = Track(
        start,
        names,
        outside["method"],
        rows,
        columns["seconds"].tolist(),
        None if sizes is None else [(float(value), float(size)) for value, size in sizes],
        None,
        outside["reason"],
        outside["ended"],
        None if outside["counts"] is None else counts_of(outside["counts"]),
        float(outside["began"]),
    )
    if sizes is None and [row[0] for row in rows] != list(range(len(rows))):
        raise EncodingError("steps that do not follow each other")
    return track, plain.get("mark")


def _rows(columns: dict[str, Any], size: int) -> list[Row]:
    """Return rows from their columns."""
    count = len(columns["step"])
    shapes = {name: column.shape for name, column in columns.items()}
    vectors = {name: shapes.pop(name) for name in ("x", "gradient")}
    if set(shapes.values()) != {(count,)} or (count and set(vectors.values()) != {(count, size)}):
        raise EncodingError("columns of different lengths")
    return list(
        zip(
            columns["step"].tolist(),
            columns["x"],
            columns["value"].tolist(),
            columns["gradient"],
            columns["rate"].tolist(),
            columns["accepted"].tolist(),
            columns["evaluations"].tolist(),
            strict=True,
        )
    )


def mark_of(plain: Any, codec: Codec, arrays: list[Array], track: Track) -> Mark | None:
    """Return where a descent goes on.

    Raises
    ------
    EncodingError
        Where the data are none of such a place, or not of the last step.
    """
    mark = codec.decoded(plain, arrays)
    if mark is None:
        return None
    # Whatever the types of the fields say, these come from a file.
    state: Any = mark.state if isinstance(mark, Mark) else None
    here: Any = state.here if isinstance(state, State) else None
    size = len(track.names)
    if not isinstance(here, Iterate):
        raise EncodingError("a place to go on from that is none")
    if state.step != track.step:
        raise EncodingError("a place to go on from that is not that of its last row")
    if not here.x.shape == here.gradient.shape == (size,):
        raise EncodingError("a place to go on from that is no point of the function")
    numbers: Any = (here.value, state.rate)
    if not all(isinstance(number, (float, np.floating)) for number in numbers):
        raise EncodingError("a place to go on from whose value or rate is no number")
    return Mark(state, counts_of(mark.counts), mark.cursor)


def counts_of(given: Any) -> Counts:
    """Return how often what was asked for; raise `EncodingError` for anything else."""
    if not (isinstance(given, tuple) and [type(count) for count in given] == 4 * [int]):
        raise EncodingError("counts that are none")
    values, gradients, hessians, products = given
    return values, gradients, hessians, products
