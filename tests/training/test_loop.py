"""The compiled loop: what it adds up, in whichever pieces it is run."""

import numpy as np
import pytest
from small import linear, loop_of, part_of
from toys import dataset_of, random_rows

from genomics import inputs, recipe, sequences
from genomics.fit import Fit
from genomics.training import checkpoint, streaming
from genomics.training.loop import Loop
from genomics.training.tables import Part

LABELS = np.random.default_rng(5).integers(0, 2, (50, 3)).astype(np.uint8)
TASKS = {
    "binary": (None, 1),
    "multiclass": (np.arange(50, dtype=np.int32) % 3, 3),
    "multilabel": (LABELS, 3),
    "regression": (np.linspace(-1, 1, 100, dtype=np.float32).reshape(50, 2), 2),
}


def trained(loop, epochs=2, pieces=((0, 4),)):
    found = []
    for epoch in range(epochs):
        order = np.random.default_rng(epoch).permutation(loop.records)
        found += [loop.run(order, first, count, epoch=epoch) for first, count in pieces]
    return np.concatenate([np.stack(steps) for steps in found], axis=1)


@pytest.mark.parametrize("task", TASKS)
def test_steps_and_judgement_agree_with_plain_arithmetic(task):
    y, outputs = TASKS[task]
    part = part_of(50, 6, y, weight=np.linspace(0.5, 1.5, 50))
    loop = loop_of(part, task, outputs, learning_rate=1e-6)  # so small that the model does not move
    judged = loop.judge(part)
    np.testing.assert_allclose(judged.outputs, np.asarray(loop.model(part.x)), rtol=1e-5, atol=1e-6)
    steps = loop.run(np.arange(50), 0, 4)
    np.testing.assert_array_equal(steps.records, [16, 16, 16, 2])
    assert steps.loss.sum() / 50 == pytest.approx(judged.loss, rel=1e-3)
    assert steps.right.sum() / 50 == pytest.approx(judged.right, rel=1e-3)
    np.testing.assert_allclose(steps.rate, 1e-6)


@pytest.mark.parametrize("way", ["average", "both"])
def test_where_both_strands_answer_their_mean_is_judged(way):
    part = part_of(40, 6, TASKS["binary"][0])
    loop = loop_of(part, hidden=4, reverse_complement=way)
    turned = sequences.reverse_complement(part.x)
    mean = (np.asarray(loop.model(part.x)) + np.asarray(loop.model(turned))) / 2
    np.testing.assert_allclose(loop.judge(part).outputs, mean, rtol=1e-5, atol=1e-6)
    assert not np.allclose(mean, np.asarray(loop.model(part.x)), atol=1e-3)


def test_parts_of_a_batch_add_up_to_the_batch():
    task = "multiclass"
    y, outputs = TASKS[task]
    part = part_of(50, 6, y, weight=np.linspace(0.5, 1.5, 50))
    settings = {"hidden": 4, "learning_rate": 0.05, "gradient_clip": 0.5, "reverse_complement": "both", "mutation": 0.1}
    whole, parts = loop_of(part, task, outputs, **settings), loop_of(part, task, outputs, micro=5, **settings)
    np.testing.assert_allclose(trained(whole), trained(parts), rtol=2e-4, atol=1e-5)
    assert loop_of(part, task, outputs, micro=16)._micro == 0


def test_it_does_not_matter_how_many_steps_are_run_at_once():
    part = part_of(50, 12)
    settings = {"hidden": 4, "evoaug": True, "shift": 2, "schedule": "cosine", "warmup": 1, "epochs": 2, "average_weights": True}
    loop = loop_of(part, **settings)
    start = checkpoint.values(loop.variables)
    found = []
    for pieces in (((0, 4),), ((0, 1), (1, 2), (3, 1))):
        checkpoint.assign(loop.variables, start)
        found.append((trained(loop, pieces=pieces), checkpoint.values(loop.variables)))
    (steps, ended), (other_steps, other_end) = found
    np.testing.assert_array_equal(steps, other_steps)
    for before, one, other in zip(start, ended, other_end, strict=True):
        np.testing.assert_array_equal(one, other)
        assert not np.array_equal(one, before) or one.size == 1  # the learning rate alone is as it was


def test_the_mean_of_the_weights_is_judged_and_then_put_away():
    part = part_of(32, 6)
    loop = loop_of(part, average_weights=True, learning_rate=0.1, batch_size=32)
    kernel = loop.model.get_layer("output").kernel
    mean, passed = kernel.numpy(), []
    for step in range(30):
        loop.run(np.arange(32), 0, 1, epoch=step)
        kept = min(0.99, (1 + step) / (10 + step))
        mean = kept * mean + (1 - kept) * kernel.numpy()
        passed.append(kernel.numpy())
    with loop.averaged():
        np.testing.assert_allclose(kernel.numpy(), mean, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(kernel.numpy(), passed[-1])


def test_what_is_frozen_stays():
    part = part_of(32, 6)
    model = linear(6, hidden=4)
    model.get_layer("hidden").trainable = False
    before = model.get_layer("hidden").kernel.numpy()
    loop = Loop(model, "binary", part, Fit(batch_size=8, learning_rate=0.1, weight_decay=0.1))
    out = model.get_layer("output").kernel.numpy()
    loop.run(np.arange(32), 0, 4)
    np.testing.assert_array_equal(model.get_layer("hidden").kernel.numpy(), before)
    assert not np.array_equal(model.get_layer("output").kernel.numpy(), out)


def test_long_sequences_are_judged_a_few_at_a_time(monkeypatch):
    part = part_of(40, 6)
    loop = loop_of(part)
    whole = loop.judge(part)
    monkeypatch.setattr("genomics.training.loop._JUDGED_BASES", 18)
    seen, judge = [], loop._judge
    monkeypatch.setattr(loop, "_judge", lambda x, *more: seen.append(len(x)) or judge(x, *more))
    again = loop.judge(part)
    assert seen == [3] * 13 + [1]
    assert again.loss == pytest.approx(whole.loss, rel=1e-5)
    np.testing.assert_allclose(again.outputs, whole.outputs, rtol=1e-5)


def test_what_does_not_fit_into_memory_is_encoded_piece_by_piece_to_the_same_end(monkeypatch):
    dataset = dataset_of(random_rows(50, 30), np.arange(50) % 2)
    asked = recipe.plan(dataset, "cnn", length=24)
    index = np.arange(3, 47)
    whole = streaming.encoded(asked, dataset, index)
    assert isinstance(whole, np.ndarray)
    np.testing.assert_array_equal(whole, inputs.encode(asked, dataset, index))
    monkeypatch.setattr(streaming, "_PIECE", 100)
    np.testing.assert_array_equal(streaming.encoded(asked, dataset, index), whole)
    monkeypatch.setattr(streaming, "IN_MEMORY", 44 * 24 - 1)
    reader = streaming.encoded(asked, dataset, index)
    assert isinstance(reader, streaming.Reader)
    assert (len(reader), reader.shape) == (44, whole.shape)

    most, encode = [], inputs.encode
    monkeypatch.setattr(inputs, "encode", lambda asked, dataset, index: most.append(len(index)) or encode(asked, dataset, index))
    y, weight = (np.arange(44) % 2).astype(np.float32), np.ones(44, np.float32)
    loops = [loop_of(Part(x, y, weight), hidden=4) for x in (whole, reader)]
    pieces = ((0, 1), (1, 2))
    np.testing.assert_array_equal(*(trained(loop, pieces=pieces) for loop in loops))
    assert loops[0].judge(Part(whole, y, weight)).loss == loops[1].judge(Part(reader, y, weight)).loss
    assert max(most[1:-1]) == 28  # never more than the steps in hand
