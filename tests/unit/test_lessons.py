"""What curves say: each alarm on a story that deserves it, none on one that goes well."""

import pytest
import synthetic

from genomics import lessons
from genomics.history import History

ALARMS = {"diverging", "one_class", "stuck", "jumping", "slow", "by_heart"}


@pytest.mark.parametrize("kind", ["diverging", "one_class", "stuck", "jumping", "slow", "by_heart"])
@pytest.mark.parametrize("seed", range(5))
def test_each_story_is_recognised(kind, seed):
    assert lessons.lesson(synthetic.history(kind, 30, seed=seed)).name == kind


@pytest.mark.parametrize("kind", ["well", "regression"])
@pytest.mark.parametrize("seed", range(5))
def test_a_well_behaved_run_raises_no_alarm_at_any_epoch(kind, seed):
    for epochs in range(31):
        said = lessons.lesson(synthetic.history(kind, epochs, seed=seed))
        assert said.name not in ALARMS, (epochs, said)


def test_the_best_epoch_of_the_sentence_is_the_one_whose_weights_are_kept():
    """A loss that is lower by a hair does not count as better."""
    history = story([1, 0.8, 0.7], [1, 0.9, 0.8999])
    for row in history.epochs[:2]:
        row["best"] = True
    assert lessons.kept(history) == 2
    assert "0.9 at its best (epoch 2)" in lessons.training(history)


@pytest.mark.parametrize("kind", ["stuck", "one_class", "jumping", "slow", "by_heart"])
def test_nothing_is_said_before_there_is_something_to_see(kind):
    assert lessons.lesson(History()).name == "begun"
    for epochs in (1, 2):
        assert lessons.lesson(synthetic.history(kind, epochs)).name not in ALARMS - {"diverging"}


def story(train, validation, steps=(), **more) -> History:
    epochs = [{"epoch": n, "loss": a, "val_loss": b} | more for n, (a, b) in enumerate(zip(train, validation, strict=True), start=1)]
    return History(epochs=epochs, steps=[{"at": n / 10, "loss": loss} for n, loss in enumerate(steps, start=1)])


@pytest.mark.parametrize(
    ("history", "name", "part"),
    [
        (story([1.0], [0.9]), "begun", "validation loss 0.9 after the first epoch."),
        (story([1, 0.8, 0.7], [1, 0.9, 0.95]), "learning", "0.9 at its best (epoch 2)"),
        (story([1.0] * 5, [1.0] * 5), "stuck", "not learning"),
        (story([1.0] * 5, [1.0] * 5, val_auroc=0.9), "flat", "No improvement"),  # it knows all since the first epoch
        (story([1.0] * 5, [1.0] * 5, val_accuracy=0.6, val_common=0.5, val_share=0.6), "flat", "No improvement"),
        (story([1.0] * 4, [1.0] * 4), "flat", "No improvement since epoch 1"),
        (story([1, 0.8, 0.6, 0.4, 0.2], [1, 0.7, 0.8, 0.9, 1]), "by_heart", "memorises the training sequences. The weights of epoch 2 are kept."),
        (story([1, 0.5, 0.6, 0.6, 0.6], [1, 0.7, 0.8, 0.9, 1]), "flat", "No improvement since epoch 2"),
        (story([1, 3.1], [1, 1]), "diverging", "1 at the start, 3.1 now"),
        (story([1, 2.9], [1, 9]), "learning", ""),
        (story([], [], [1.0] * 5 + [4.0] * 5), "diverging", "4 now"),
        (story([], [], [1.0, None]), "diverging", "no number any more"),
        (story([0.5, None], [0.5, None]), "diverging", "no number any more"),
        (story([0.5] * 3, [0.5] * 3, val_share=0.99, val_common=0.6), "one_class", "99% of the validation sequences"),
        (story([0.5] * 3, [0.5] * 3, val_share=0.97, val_common=0.6), "learning", ""),
        (story([0.5] * 3, [0.5] * 3, val_share=1.0, val_common=0.96), "learning", ""),
    ],
)  # fmt: skip
def test_where_the_lines_are_drawn(history, name, part):
    said = lessons.lesson(history)
    assert said.name == name
    assert part in said.sentence == lessons.training(history)


def test_what_to_try_is_said_in_numbers():
    jumping = lessons.lesson(synthetic.history("jumping", 12)).sentence
    assert "(for instance 0.0003; it is 0.001)" in jumping
    assert "(for instance 0.003; it is 0.001)" in lessons.lesson(synthetic.history("slow", 12)).sentence


def test_growing_gradients_are_jumps_only_where_the_loss_rises():
    rows = [{"at": n / 2, "loss": 1.0, "gradient_norm": 1.2**n, "learning_rate": 0.01} for n in range(40)]
    rising = History(steps=rows, epochs=story([1, 0.8, 0.7, 0.8, 0.95], [1, 0.8, 0.7, 0.8, 0.95]).epochs)
    assert lessons.lesson(rising).name == "jumping"
    falling = History(steps=rows, epochs=story([1, 0.9, 0.8, 0.7, 0.6], [1, 0.9, 0.8, 0.7, 0.6]).epochs)
    assert lessons.lesson(falling).name == "learning"


def test_a_run_that_was_still_getting_better_says_so_once_it_is_over():
    told = synthetic.history("well", 12, planned=12)
    told.best = {"epoch": told.epochs[-1]["epoch"]}
    for row, loss in zip(told.epochs, [0.7 - 0.02 * n for n in range(12)], strict=True):
        row["val_loss"] = row["loss"] = loss
    assert lessons.lesson(told).name == "unfinished"
    told.setup["epochs"] = 20  # it stopped early
    assert lessons.lesson(told).name != "unfinished"


@pytest.mark.parametrize(("best", "marks", "epoch"), [({"epoch": 3}, (), 3), ({}, (1, 2), 2), ({}, (), 4)])
def test_the_epoch_that_is_kept(best, marks, epoch):
    told = story([1, 1, 1, 1], [4, 3, 2, 1])
    for row in told.epochs:
        row["best"] = row["epoch"] in marks
    told.best = best
    assert lessons.kept(told) == epoch
    assert lessons.kept(History()) == 0
