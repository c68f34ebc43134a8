"""Compiled code on disk: whole or not there, for one source and machine, and nobody else's."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from processes import python
from steepest.cli.app import shell
from steepest.functions import objective
from steepest.program.native import cache, compiling, words
from steepest.program.native.cache import DIRECTORY, CodeFile, directory
from steepest.program.native.compiling import compiled_evaluation
from steepest.program.native.evaluation import write_evaluation
from steepest.program.native.module import Module


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    path = tmp_path / "cache"
    monkeypatch.setenv(DIRECTORY, str(path))
    return path


def source_of(factor: float) -> Module:
    bound = objective(lambda x: np.sum(factor * x**4), np.ones(60))
    return write_evaluation(bound.branches.at([np.ones(60)]).arrays)


def test_what_was_compiled_is_found_again(place: Path) -> None:
    assert compiled_evaluation(source_of(2.0)).cache_hits == 0
    assert len(list(place.iterdir())) == 1
    assert compiled_evaluation(source_of(2.0)).cache_hits == 1
    assert compiled_evaluation(source_of(3.0)).cache_hits == 0
    assert len(list(place.iterdir())) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: b"nonsense" * 100,
    ],
    ids=["empty", "cut", "flipped", "nonsense"],
)
def test_a_damaged_file_is_compiled_anew_and_replaced(place: Path, damage: Any) -> None:
    compiled_evaluation(source_of(2.0))
    (file,) = place.iterdir()
    sound = file.read_bytes()
    file.write_bytes(damage(sound))
    assert compiled_evaluation(source_of(2.0)).cache_hits == 0
    assert compiled_evaluation(source_of(2.0)).cache_hits == 1


def test_a_sealed_file_that_numba_cannot_read_is_compiled_anew(place: Path) -> None:
    compiled_evaluation(source_of(2.0))
    compiling.evaluation_file(source_of(2.0)).write(b"sealed, and no code")
    assert compiled_evaluation(source_of(2.0)).cache_hits == 0


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are another matter there")
def test_a_place_where_others_can_write_is_neither_read_nor_written(place: Path) -> None:
    file = CodeFile("key")
    file.write(b"code")
    assert file.read() == b"code"
    assert place.stat().st_mode & 0o777 == 0o700
    place.chmod(0o777)
    assert file.read() is None
    file.write(b"other code")
    place.chmod(0o700)
    assert file.read() == b"code"


def test_where_nothing_can_be_written_it_is_compiled_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(DIRECTORY, str(tmp_path / "file" / "below"))
    assert compiled_evaluation(source_of(2.0)).cache_hits == 0
    assert compiled_evaluation(source_of(2.0)).cache_hits == 0


def test_writers_and_readers_at_once_see_whole_files_only(place: Path) -> None:
    contents = [bytes([k]) * 200_000 for k in range(4)]
    file = CodeFile("key")

    def write_and_read(k: int) -> set[bytes | None]:
        seen = set()
        for _ in range(20):
            CodeFile("key").write(contents[k])
            seen.add(file.read())
        return seen

    with ThreadPoolExecutor(4) as pool:
        seen = set().union(*pool.map(write_and_read, range(4)))
    assert seen <= set(contents)
    assert [path.name for path in place.iterdir()] == [file.path.name]


def test_the_place_depends_on_source_and_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    one = compiling.evaluation_file(Module("source", {})).path
    assert compiling.evaluation_file(Module("source", {})).path == one
    assert compiling.evaluation_file(Module("source 2", {})).path != one
    before = compiling.surroundings()
    monkeypatch.setattr(compiling, "surroundings", lambda: before + "another processor")
    assert compiling.evaluation_file(Module("source", {})).path != one


def test_the_newest_files_are_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_FILES", 3)
    for k in range(5):
        file = CodeFile(str(k))
        file.write(b"code")
        os.utime(file.path, (k, k))
    CodeFile("last").write(b"code")
    assert [CodeFile(name).is_there() for name in "01234"] == [False, False, False, True, True]


def test_functions_from_different_processes_are_kept_apart(place: Path) -> None:
    # Both have the same names inside, and were compiled as the first of their process.
    code = (
        "import sys, numpy as np, steepest as st\n"
        "for n in map(int, sys.argv[1:]):\n"
        "    f = lambda x: np.sum((x[1:] - x[:-1])**2) + np.sum((x - n)**4)\n"
        "    r = st.minimize(f, np.zeros(n), method='l-bfgs', engine='native')\n"
        "    print(r.options['engine'][:6], r.success, abs(r.x.mean() - n) < 0.1)\n"
    )
    for sizes in (["60"], ["70"], ["70", "60"]):
        done = python("-c", code, *sizes)
        assert done.stdout == "native True True\n" * len(sizes), done.stderr


def test_the_command_deletes_what_is_kept(place: Path) -> None:
    for key in ("a", "b"):
        CodeFile(key).write(b"code")
    (place / "notes.txt").write_text("mine")
    (place / "half.0a1b.part").write_text("left behind by a process that was killed")
    run = CliRunner().invoke(shell, ["cache", "clear", "--json"])
    assert run.output == f'{{"directory": "{place}", "deleted": 3}}\n'
    assert [path.name for path in place.iterdir()] == ["notes.txt"]
    run = CliRunner().invoke(shell, ["cache", "clear"])
    assert run.output == f"Deleted 0 files of {place}.\n"
    run = CliRunner().invoke(shell, ["cache", "clean"])
    assert run.exit_code == 2
    assert "Did you mean 'clear'?" in run.output


def test_the_system_decides_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(DIRECTORY)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert directory() == tmp_path / "steepest"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert directory() == Path.home() / ".cache" / "steepest"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert directory() == Path.home() / "Library" / "Caches" / "steepest"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert directory() == tmp_path / "steepest"


def test_long_sums_keep_their_digits() -> None:
    values = np.random.default_rng(0).normal(size=100_001) * 10.0 ** np.arange(100_001.0).clip(0, 9)
    exact = float(np.sum(values, dtype=np.longdouble))
    assert words.total(values) == pytest.approx(exact, rel=1e-14)
