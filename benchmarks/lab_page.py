"""A visitor of the lab without a browser: asks what the page asks, as the page asks it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from steepest.lab.controls import CONTROLS, controls_of
from steepest.lab.state import State

Send = Callable[[str, bytes | None], tuple[int, str]]
"""A path, with what is posted to it or None, to status and text."""


class Visitor:
    """One who has opened the page.

    Parameters
    ----------
    send : callable
        How requests travel.
    """

    def __init__(self, send: Send) -> None:
        self.send = send
        status, text = send("/_dash-dependencies", None)
        assert status == 200, text
        self.callbacks = [one for one in json.loads(text) if not one["clientside_function"]]

    def ask(self, part: str, held: Mapping[str, Any]) -> tuple[int, str]:
        """Ask the callback that answers for a part of the page.

        Parameters
        ----------
        part : str
            What its output is called, such as ``"map.figure"``.
        held : mapping
            What the controls hold, such as ``{"formula.value": "x*y"}``.
        """
        callback = next(one for one in self.callbacks if part in one["output"])
        posted = json.dumps(self.request(callback, held))
        return self.send("/_dash-update-component", posted.encode())

    def request(self, callback: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is posted to a callback."""
        output = callback["output"]
        several = output.startswith("..")
        places = [_place(one) for one in (output[2:-2].split("...") if several else [output])]
        inputs, known = (
            [{**one, "value": held.get(f"{one['id']}.{one['property']}")} for one in callback[part]]
            for part in ("inputs", "state")
        )
        return {
            "output": output,
            "outputs": places if several else places[0],
            "inputs": inputs,
            "state": known,
            "changedPropIds": [f"{one['id']}.{one['property']}" for one in inputs[:1]],
        }


def held_by(state: State, **more: Any) -> dict[str, Any]:
    """Return what the controls hold for a state; others by name, with ``__`` for the dot."""
    held = {f"{name}.value": v for name, v in zip(CONTROLS, controls_of(state), strict=True)}
    held |= {"shown.value": 5000, "theme.data": "light", "searched.data": None}
    return held | {name.replace("__", ".").replace("_", "-"): v for name, v in more.items()}


def _place(text: str) -> dict[str, str]:
    name, _, part = text.rpartition(".")
    return {"id": name, "property": part}
