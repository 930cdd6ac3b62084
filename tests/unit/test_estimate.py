"""How long it will take: in proportion to the work, and from what this machine has shown."""

import pytest
from toys import gc_classes

from genomics import estimate, recipe
from genomics.architectures import ARCHITECTURES
from genomics.generators import GENERATORS

TOY = gc_classes(20)


def plan(name: str, **settings):
    return recipe.plan(TOY, name, settings=settings)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_work_of_a_predictor_grows_with_records_and_epochs(name):
    once = estimate.work(plan(name, epochs=1), 1, 100)
    assert once > 0
    assert estimate.work(plan(name, epochs=7), 1, 100) == 7 * once
    assert estimate.work(plan(name, epochs=1), 1, 300) == 3 * once


@pytest.mark.parametrize("name", GENERATORS)
def test_the_work_of_a_generator_grows_with_iterations_and_batches_alone(name):
    once = estimate.work(plan(name, iterations=1, batch_size=8), 1, 100)
    assert once > 0
    assert estimate.work(plan(name, iterations=50, batch_size=8), 1, 999) == 50 * once
    assert estimate.work(plan(name, iterations=1, batch_size=16), 1, 100) == 2 * once


def test_what_a_machine_has_shown_replaces_the_first_guess(tmp_path):
    asked = plan("cnn")
    guess = estimate.seconds(asked, 1, 1000, tmp_path)
    estimate.learn(asked, 1, 1000, share=0.25, took=50.0, root=tmp_path)
    learned = estimate.seconds(asked, 1, 1000, tmp_path)
    assert learned == pytest.approx(6 + 200)
    assert learned != guess
    assert estimate.seconds(asked, 1, 2000, tmp_path) == pytest.approx(6 + 400)
    estimate.learn(plan("rnn"), 1, 1000, share=1.0, took=3.0, root=tmp_path)
    assert estimate.seconds(asked, 1, 1000, tmp_path) == learned
    assert estimate.seconds(plan("rnn"), 1, 1000, tmp_path) == pytest.approx(9)


def test_a_run_too_short_to_tell_teaches_nothing(tmp_path):
    estimate.learn(plan("cnn"), 1, 1000, share=1.0, took=0.9, root=tmp_path)
    assert not (tmp_path / "speed.json").exists()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "about 5 seconds"),
        (8, "about 10 seconds"),
        (88, "about 90 seconds"),
        (90, "about 2 minutes"),
        (600, "about 10 minutes"),
        (5400, "about 1.5 hours"),
    ],
)
def test_time_in_words(seconds, words):
    assert estimate.in_words(seconds) == words
