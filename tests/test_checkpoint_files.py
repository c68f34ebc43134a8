"""Nothing is lost, and nothing wrong comes out: crashes, full disks, damaged and foreign files."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import checkpointed
import steepest as st
from processes import python
from steepest.descent.checkpoints import container
from test_checkpoints import StoppedError, assert_same, stopping_at

FORMULA = "(1-x)**2 + 100*(y-x**2)**2"


@pytest.mark.parametrize("method", checkpointed.METHODS)
def test_killed_at_ten_random_moments_it_comes_to_the_same_bits(method, tmp_path, monkeypatch):
    """Fifty moments over the five methods; no clean-up, no last word: SIGKILL."""
    generator = random.Random(method)
    whole = checkpointed.SECONDS * checkpointed.STEPS * 1.5
    moments = [str(generator.uniform(0, whole)) for _ in range(10)]
    killed = python(checkpointed.__file__, method, str(tmp_path), *moments)
    assert killed.returncode == 0, killed.stderr
    monkeypatch.setattr(checkpointed, "SECONDS", 0)
    expected = checkpointed.run(method, None)
    kept = sorted(tmp_path.glob("run*.ckpt"))
    assert len(kept) >= 3
    for path in kept:
        found = st.resume(path, fun=checkpointed.slow, jac=checkpointed.slope)
        assert_same(found, expected)
        assert not list(tmp_path.glob(f".{path.name}.*"))


def fail_at(place, monkeypatch, after):
    """Let writing fail at a place, from the so many-th file on."""
    written = []
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    sync, replace, opened = os.fsync, Path.replace, Path.open

    def counted_open(self, mode="r", *args, **kwargs):
        file = opened(self, mode, *args, **kwargs)
        if "x" in mode:
            written.append(self)
            if place == "write" and len(written) > after:
                file.close()
                return Full()
        return file

    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def write(self, data):
            raise full

    def failing(known):
        def call(*args):
            if len(written) > after:
                raise full
            return known(*args)

        return call

    monkeypatch.setattr(Path, "open", counted_open)
    if place == "fsync":
        monkeypatch.setattr(os, "fsync", failing(sync))
    if place == "rename":
        monkeypatch.setattr(Path, "replace", lambda self, target: failing(replace)(self, target))


@pytest.mark.parametrize("place", ["write", "fsync", "rename"])
def test_a_full_disk_costs_neither_the_run_nor_the_last_good_checkpoint(
    place, tmp_path, monkeypatch
):
    path = tmp_path / "run.ckpt"
    run = partial(st.minimize, FORMULA, [-1.2, 1.0], method="bfgs", max_steps=20)
    expected = run()
    with monkeypatch.context() as patched:
        fail_at(place, patched, after=3)
        found = run(checkpoint=st.Checkpoint(path, every_steps=2))
    assert found.history.x.tobytes() == expected.history.x.tobytes()
    (notice,) = found.notices
    assert "could not be written" in notice
    assert "No space left on device" in notice
    assert "The last good one, of step 6" in notice
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.ckpt"]
    assert_same(st.resume(path), expected)


def test_a_disk_that_is_full_from_the_start_is_told(tmp_path, monkeypatch):
    fail_at("write", monkeypatch, after=0)
    found = st.minimize(FORMULA, [-1.2, 1.0], checkpoint=tmp_path / "run.ckpt")
    assert found.success
    assert "There is no checkpoint of this run." in found.notices[-1]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a checkpoint, and what it comes to."""
    folder = tmp_path_factory.mktemp("whole")
    path, kept = folder / "run.ckpt", folder / "kept.ckpt"
    run = partial(st.minimize, FORMULA, [-1.2, 1.0], method="l-bfgs")
    with pytest.raises(StoppedError):
        run(checkpoint=st.Checkpoint(path, 3), callback=stopping_at(7, path, kept))
    return kept.read_bytes(), run()


def mutated(data, generator):
    """A file that lost its end, or in which bits were flipped, or that is of somebody else."""
    kind = generator.choice(["cut", "flip", "flips", "zeros", "swap", "longer", "foreign"])
    place = generator.randrange(len(data))
    if kind == "cut":
        return data[:place]
    if kind == "flip":
        return _flipped(data, place, generator)
    if kind == "flips":
        for _ in range(20):
            data = _flipped(data, generator.randrange(len(data)), generator)
        return data
    if kind == "zeros":
        return data[:place] + bytes(len(data) - place)
    if kind == "swap":
        return data[place:] + data[:place]
    if kind == "longer":
        return data + generator.randbytes(1 + place)
    return generator.randbytes(1 + place)


def _flipped(data, place, generator):
    changed = bytearray(data)
    changed[place] ^= 1 << generator.randrange(8)
    return bytes(changed)


def test_a_thousand_damaged_files_are_refused(whole, tmp_path):
    data, _ = whole
    generator, path = random.Random(0), tmp_path / "run.ckpt"
    count = 0
    while count < 1000:
        changed = mutated(data, generator)
        if changed == data:
            continue
        path.write_bytes(changed)
        with pytest.raises(st.InputError, match=r"run\.ckpt' is (not a|a damaged) checkpoint"):
            st.resume(path)
        assert path.read_bytes() == changed
        count += 1


def sealed(header, memory):
    """A file of this header whose checksum is right, as only a forger writes it."""
    text = json.dumps(header).encode()
    data = container.MARK + container.NUMBERS.pack(container.VERSION, len(text)) + text + memory
    return data + hashlib.sha256(data).digest()


def test_files_with_a_right_checksum_and_nonsense_in_them_are_refused(whole, tmp_path):
    """Whatever is in a file, it runs no code and raises no error but ours."""
    data, expected = whole
    begin = len(container.MARK) + container.NUMBERS.size
    _, length = container.NUMBERS.unpack_from(data, len(container.MARK))
    header, memory = json.loads(data[begin : begin + length]), data[begin + length : -32]
    assert sealed(header, memory) == data
    generator, path, refused = random.Random(1), tmp_path / "run.ckpt", 0
    for _ in range(120):
        changed = json.loads(json.dumps(header))
        _spoil(changed, generator)
        path.write_bytes(sealed(changed, memory))
        try:
            st.resume(path, max_steps=60, max_seconds=5)
        except st.SteepestError:
            refused += 1
    assert refused > 40
    assert expected.success


def _spoil(value, generator):
    """Change one thing deep inside; what a method remembers only that method could tell."""
    while True:
        if isinstance(value, dict) and value.get("type") == "walk.State":
            value = {name: part for name, part in value["parts"].items() if name != "memory"}
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = generator.choice(keys)
        if isinstance(value[key], (dict, list)) and generator.random() < 0.9:
            value = value[key]
            continue
        value[key] = generator.choice([None, -1, 10**30, "x", [], {}, True, 1.5, {"tuple": [1]}])
        return


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is not a checkpoint"),
        (b"x,y\n1,2\n", "is not a checkpoint"),
        (b'{"format": "steepest-run"}', "is not a checkpoint.*Result.save"),
    ],
)
def test_files_of_other_kinds_are_refused(content, why, tmp_path):
    path = tmp_path / "run.ckpt"
    path.write_bytes(content)
    with pytest.raises(st.InputError, match=why):
        st.resume(path)


def test_a_newer_format_wants_a_newer_version(whole, tmp_path):
    data, _ = whole
    changed = data[: len(container.MARK)] + b"\x02" + data[len(container.MARK) + 1 : -32]
    path = tmp_path / "run.ckpt"
    path.write_bytes(changed + hashlib.sha256(changed).digest())
    with pytest.raises(st.InputError, match=r"format version 2.*update steepest"):
        st.resume(path)


def test_no_file_and_no_folder_are_named(tmp_path):
    with pytest.raises(st.InputError, match="Cannot read"):
        st.resume(tmp_path / "missing.ckpt")
    with pytest.raises(st.InputError, match="there is no folder"):
        st.minimize("x**2", 1.0, checkpoint=tmp_path / "missing" / "run.ckpt")
    with pytest.raises(st.InputError, match="is a folder"):
        st.minimize("x**2", 1.0, checkpoint=tmp_path)
    with pytest.raises(st.InputError, match="every_steps=0"):
        st.Checkpoint("run.ckpt", every_steps=0)
    with pytest.raises(st.InputError, match="goes to a file, not 3"):
        st.Checkpoint(3)


def quartic(x):
    return np.sum((x - 1) ** 4)


def test_another_function_is_refused(tmp_path):
    path = tmp_path / "run.ckpt"
    st.minimize(quartic, np.zeros(3), max_steps=5, method="bfgs", checkpoint=path)
    before = path.read_bytes()
    with pytest.raises(st.InputError, match="needs fun: no file holds the Python function"):
        st.resume(path)
    with pytest.raises(st.InputError, match="is a checkpoint of another function: the source"):
        st.resume(path, fun=lambda x: np.sum((x - 1) ** 4))
    with pytest.raises(st.InputError, match="is a checkpoint of another run: its start is"):
        st.resume(path, fun=quartic, x0=np.ones(3))
    with pytest.raises(st.InputError, match="is a checkpoint of another run: its method is"):
        st.resume(path, fun=quartic, method="l-bfgs")
    with pytest.raises(st.InputError, match=r"no argument 'max_step'\. Did you mean 'max_steps'"):
        st.resume(path, fun=quartic, max_step=9)
    assert path.read_bytes() == before
    assert st.resume(path, fun=quartic, max_steps=9).nit == 9


def of_numbers(numbers):
    def distance(x):
        return np.sum((x - numbers) ** 4)

    return distance


def test_the_same_code_with_other_numbers_in_it_is_refused(tmp_path):
    path, numbers = tmp_path / "run.ckpt", np.array([1.0, 2.0])
    st.minimize(of_numbers(numbers), np.zeros(2), max_steps=5, method="bfgs", checkpoint=path)
    other = np.array([1.0, 2.0 + 1e-9])
    with pytest.raises(st.InputError, match="is of another function: at its start"):
        st.resume(path, fun=of_numbers(other), max_steps=9)
    assert st.resume(path, fun=of_numbers(numbers), max_steps=9).nit == 9


def test_ctrl_c_writes_a_last_checkpoint(tmp_path):
    path = tmp_path / "run.ckpt"
    run = partial(st.minimize, FORMULA, [-1.2, 1.0], method="l-bfgs")

    def interrupted(record):
        if record.step == 9:
            assert not path.exists()
            raise KeyboardInterrupt

    found = run(checkpoint=st.Checkpoint(path, every_seconds=3600), callback=interrupted)
    assert found.reason is st.Reason.INTERRUPTED
    assert found.nit == 9
    assert_same(st.resume(path), run())


def test_ctrl_c_in_the_middle_of_a_step_loses_that_step_only(tmp_path):
    path, calls = tmp_path / "run.ckpt", []

    def counted(x):
        calls.append(1)
        if len(calls) == 12:
            raise KeyboardInterrupt
        return quartic(x)

    def slope(x):
        return 4 * (x - 1) ** 3

    run = partial(st.minimize, counted, np.zeros(3), method="l-bfgs", jac=slope)
    found = run(checkpoint=path)
    assert found.reason is st.Reason.INTERRUPTED
    assert_same(st.resume(path, fun=counted, jac=slope), run())


def test_a_run_in_another_place_of_the_same_file_is_told(tmp_path):
    path = tmp_path / "run.ckpt"
    first = st.minimize(FORMULA, [-1.2, 1.0], max_steps=3, checkpoint=path)
    st.minimize(FORMULA, [0.0, 1.0], max_steps=3, checkpoint=path)
    with pytest.raises(st.InputError, match="holds another run by now"):
        first.resume(max_steps=9)


def test_a_loaded_result_cannot_go_on(tmp_path):
    st.minimize(FORMULA, [-1.2, 1.0], max_steps=3).save(tmp_path / "run.json")
    with pytest.raises(st.InputError, match=r"checkpoint='run\.ckpt'"):
        st.load(tmp_path / "run.json").resume(max_steps=9)


def test_other_versions_go_on_and_say_so(tmp_path, monkeypatch):
    path = tmp_path / "run.ckpt"
    with monkeypatch.context() as patched:
        patched.setattr(np, "__version__", "1.99")
        st.minimize(FORMULA, [-1.2, 1.0], max_steps=3, checkpoint=path)
    (notice,) = st.resume(path, max_steps=6).notices
    assert "numpy 1.99" in notice
    assert "the last digits may be others" in notice
