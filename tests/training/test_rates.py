"""The search for a learning rate."""

import numpy as np
import pytest
from toys import gc_classes

from genomics import dataset as datasets
from genomics import disk, history, recipe
from genomics.training import carry_out, find_rate, rates
from genomics.training.loop import Loop
from genomics.training.rates import Found, suggestion

GRID = np.geomspace(1e-6, 1, 100)


def falling(at, floor=0.2, start=0.7):
    """Losses that fall around a rate, and rise steeply near 1."""
    return start - (start - floor) / (1 + (at / GRID) ** 3) + 40 * GRID**2


@pytest.mark.parametrize("at", [1e-4, 1e-3, 5e-3])
def test_the_steepest_place_is_suggested_as_far_as_the_delay_of_smoothing_is_known(at):
    smooth = rates.smoothed(falling(at).tolist())
    assert at / 2.5 < suggestion(Found(GRID, smooth)) < at * 2.5
    assert suggestion(Found(GRID, smooth)) == pytest.approx(suggestion(Found(GRID, 3 * smooth)))


def test_it_stays_a_tenth_below_the_lowest_point():
    losses = falling(3e-2)
    assert suggestion(Found(GRID, losses)) <= GRID[losses.argmin()] / 10 * 1.05


def test_where_nothing_is_learned_a_hundredth_of_what_does_no_harm_is_suggested():
    losses = 0.7 + np.random.default_rng(0).normal(0, 0.005, 100) + 40 * GRID**2
    assert suggestion(Found(GRID, losses)) == pytest.approx(GRID[losses <= 0.735][-1] / 100, rel=0.2)
    assert suggestion(Found(GRID[:1], np.array([0.7]))) == 1e-6


def test_losses_are_smoothed_without_a_pull_to_zero():
    np.testing.assert_allclose(rates.smoothed([2.0] * 5), 2)
    found = rates.smoothed([1.0, 0.0, 0.0])
    assert found[0] == 1
    assert (np.diff(found) < 0).all()


@pytest.fixture
def trial(own_workspace):
    dataset = gc_classes(120)
    own_workspace.mkdir(exist_ok=True)
    datasets.save(dataset, own_workspace)
    settings = {"layers": 1, "filters": 8, "kernel_size": 5, "head": "global_average", "dense": 0, "dropout": 0, "precision": "float32"}
    folder = own_workspace / "trials" / "one"
    folder.mkdir(parents=True)
    disk.write_json(folder / "run.json", {"id": "one", "purpose": "rates", **recipe.plan(dataset, "cnn", settings=settings).to_json()})
    return folder


def test_a_search_tells_rates_and_losses_and_reads_train_alone(trial, monkeypatch):
    seen = []
    monkeypatch.setattr(rates.supervised.Loop, "judge", lambda *ignored: pytest.fail("it looked at validation"))
    run = Loop.run
    monkeypatch.setattr(Loop, "run", lambda loop, *args, **kw: seen.append(loop.records) or run(loop, *args, **kw))
    assert find_rate(trial) == "finished"
    told = history.read(trial)
    assert set(seen) == {84}  # 70 % of 120
    asked = [row["learning_rate"] for row in told.rates]
    assert 5 <= len(asked) <= 20
    np.testing.assert_allclose(asked, GRID[4::5][: len(asked)], rtol=1e-4)
    assert 1e-4 < told.suggestion <= 1
    assert told.state == "finished"
    assert not (trial / "model.keras").exists()


def test_it_ends_where_training_falls_apart(trial, monkeypatch):
    run = Loop.run

    def exploding(loop, *args, **more):
        found = run(loop, *args, **more)
        return found._replace(loss=np.where(found.rate > 0.01, np.nan, found.loss))

    monkeypatch.setattr(Loop, "run", exploding)
    assert find_rate(trial) == "finished"
    told = history.read(trial)
    assert max(row["learning_rate"] for row in told.rates) <= 0.01
    assert told.suggestion <= 0.01


def test_it_can_be_stopped(trial, monkeypatch):
    monkeypatch.setattr(carry_out.runs, "stop_requested", lambda folder: "pause" if folder == trial else "")
    assert find_rate(trial) == "stopped"
    assert history.read(trial).rates == []
