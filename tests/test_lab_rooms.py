"""The lab's fits and its game, without a browser."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import steepest as st
from steepest.lab.fits import LOSSES, MODELS, Asked, as_python, figure_of, fitted
from steepest.lab.guessing import PROBES, board, game_of, probed, rival, score
from steepest.lab.limits import LONGEST

SEEDS = range(1, 25)


def test_the_page_fits_as_the_library_does(tmp_path):
    asked = Asked()
    (tmp_path / "data.csv").write_text(asked.data)
    program = [sys.executable, "-c", as_python(asked)]
    run = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == fitted(asked).explain()


@pytest.mark.parametrize("model", MODELS)
def test_every_usual_model_is_fitted_and_drawn(model):
    found = fitted(Asked(model=model))
    assert np.isfinite(found.loss)
    assert figure_of(found, "dark").data


@pytest.mark.parametrize("loss", sorted(set(LOSSES) - {"log", "poisson"}))
def test_every_loss_of_the_page_is_known(loss):
    assert fitted(Asked(model="y ~ a + b*x", loss=loss)).parameters.keys() == {"a", "b"}


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_tables_are_read_with_the_separator_they_have(sign):
    found = fitted(Asked(f"x{sign}y\n1{sign}3\n2{sign}5\n3{sign}7\n", "y ~ a + b*x"))
    assert found.parameters["b"] == pytest.approx(2)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Asked(data=""), "cannot be read as a table"),
        (Asked(data="x,y\n"), "cannot be read as a table"),
        (Asked(data="x,y\n1,2\n3\n"), "cannot be read as a table"),
        (Asked(data="x,y\n1,2\n2,abc\n3,4\n"), "'abc' in row 2"),
        (Asked(data="x,y\n" + "1,2\n" * 50_001), "up to 50000 rows"),
        (Asked(model="y ~ " + "x + " * LONGEST + "a"), "characters"),
        (Asked(model="y ~ a*exo(x)"), "exp"),
        (Asked(model="z ~ a*x"), "z"),
        (Asked(loss="mad"), "no loss 'mad'"),
    ],
)
def test_what_cannot_be_fitted_is_said(asked, says):
    with pytest.raises(st.SteepestError, match=says):
        fitted(asked)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_game_has_its_landscape_and_one_that_descends_beside_it(seed):
    game = game_of(seed)
    theirs, begun = rival(game)
    assert np.isfinite(theirs)
    assert 1 <= begun <= PROBES
    low, high, bottom, top = game.domain
    places = np.random.default_rng(seed).uniform([low, bottom], [high, top], (PROBES + 3, 2))
    values = probed(game, places.tolist())
    known = st.function(game.formula)
    assert values == [float(known(*place)) for place in places[:PROBES]]
    assert "with as many probes" in score(game, places.tolist())


def test_the_landscape_stays_hidden_until_the_game_is_over():
    game = game_of(3)
    hidden = board(game, [[0.0, 0.0]], False, "light")
    assert [trace.type for trace in hidden.data] == ["scatter"]
    shown = board(game, [[0.0, 0.0]], True, "light")
    assert shown.data[0].type == "contour"


def test_games_differ_by_seed_and_are_mirrored():
    assert len({game_of(seed).formula for seed in SEEDS}) > 8
