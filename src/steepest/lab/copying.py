"""A state as code: in Python, on the command line, and as a program of its own."""

from __future__ import annotations

import shlex

from steepest.lab.descents import descents_of, options_of
from steepest.lab.state import State

NO_METHOD = "Choose a method first."


def as_python(state: State) -> str:
    """Return Python code that makes the same descents."""
    known = descents_of(state).function
    start = dict(zip(known.variables, state.start, strict=True))
    lines = ["import steepest as st", ""]
    for name in state.methods:
        options = "".join(
            f", {key}={value!r}"
            for key, value in options_of(name, state.rate, state.momentum).items()
        )
        lines += [
            "result = st.minimize(",
            f"    {state.formula!r},",
            f"    {start!r},",
            f"    method=st.methods.named({name!r}{options}),",
            f"    max_steps={state.steps},",
            ")",
            "print(result.explain())",
            "",
        ]
    return "\n".join(lines).rstrip() if state.methods else NO_METHOD


def as_command(state: State) -> str:
    """Return the commands that make the same descents."""
    known = descents_of(state).function
    start = ",".join(f"{n}={v!r}" for n, v in zip(known.variables, state.start, strict=True))
    lines = []
    for name in state.methods:
        options = options_of(name, state.rate, state.momentum)
        parts = ["steepest", "minimize", state.formula, "--start", start, "--method", name]
        if "learning_rate" in options:
            parts += ["--learning-rate", repr(options["learning_rate"])]
        if "momentum" in options:
            parts += ["--option", f"momentum={options['momentum']!r}"]
        parts += ["--steps", str(state.steps)]
        lines.append(shlex.join(parts))
    return "\n".join(lines) or NO_METHOD


def as_program(state: State) -> str:
    """Return the first method's descent as a program that needs nothing of ours."""
    results = descents_of(state).results
    if not results:
        return NO_METHOD
    name, result = next(iter(results.items()))
    if result.program is not None:
        return result.program
    reason = " ".join(result.notices) or "its steps are looked for as they go."
    return f"There is no program of {name} alone: {reason}"
