"""What is taken over from an earlier run, and what stays as it is."""

import keras
import numpy as np
import pytest
from toys import dataset_of, gc_classes, random_rows, run_of

from genomics import history, recipe
from genomics.errors import RunError, SettingError
from genomics.training import carry_out, train, transfer

SIZES = {"layers": 2, "filters": 8, "kernel_size": 5, "head": "global_average", "dense": 8, "precision": "float32"}


def network(outputs=1, architecture="cnn", **settings):
    asked = recipe.plan(gc_classes(20), architecture, settings=SIZES | settings if architecture == "cnn" else settings)
    return recipe.predictor(architecture).build(asked.config, (24,), outputs)


def kernel(model, name):
    return model.get_layer(name).kernel.numpy()


@pytest.fixture
def earlier(own_workspace):
    """A run with a network that has not been trained, which is as good here."""
    folder = run_of(own_workspace, gc_classes(20), settings=SIZES)
    keras.utils.set_random_seed(7)
    network().save(folder / "model.keras")
    return folder


def source(folder):
    return keras.models.load_model(folder / "model.keras", compile=False)


def test_the_same_network_is_taken_over_whole(earlier):
    model = network()
    taken = transfer.begin_from(model, earlier, "cnn")
    assert taken.layers == taken.of
    assert taken.said == f'It begins from the run "{earlier.name}": {taken.of} of {taken.of} layers are taken over.'
    for ours, theirs in zip(model.get_weights(), source(earlier).get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_an_output_of_another_size_is_new(earlier):
    model = network(outputs=3)
    before = kernel(model, "output")
    taken = transfer.begin_from(model, earlier, "cnn")
    assert taken.layers == taken.of - 1
    assert taken.said.endswith("; new: output.")
    np.testing.assert_array_equal(kernel(model, "output"), before)
    np.testing.assert_array_equal(kernel(model, "conv_1"), kernel(source(earlier), "conv_1"))


def test_of_another_architecture_the_filters_are_taken(earlier):
    model = network()
    before = kernel(model, "conv_2")
    assert transfer.begin_from(model, earlier, "another").layers == 1
    np.testing.assert_array_equal(kernel(model, "conv_1"), kernel(source(earlier), "conv_1"))
    np.testing.assert_array_equal(kernel(model, "conv_2"), before)


def test_what_cannot_be_begun_from_is_refused(earlier, own_workspace):
    with pytest.raises(SettingError, match=r"No layer of the run .* fits this network"):
        transfer.begin_from(network(filters=16), earlier, "another")
    empty = run_of(own_workspace, gc_classes(20), settings=SIZES)
    with pytest.raises(RunError, match="no trained network to begin from"):
        transfer.begin_from(network(), empty, "cnn")
    with pytest.raises(RunError, match='"gone" to begin from does not exist'):
        transfer.begin_from(network(), own_workspace / "runs" / "gone", "cnn")


@pytest.mark.parametrize(("what", "learning"), [("nothing", "conv_1"), ("filters", "conv_2"), ("all_but_output", "output")])
def test_what_is_frozen_is_not_trained(what, learning):
    model = network()
    transfer.freeze(model, what)
    trainable = [layer.name for layer in model.layers if layer.trainable_variables]
    assert trainable[0] == learning
    assert trainable[-1] == "output"


def test_a_run_begins_where_another_ended(own_workspace, monkeypatch):
    settings = {**SIZES, "epochs": 2, "learning_rate": 0.01}
    base = run_of(own_workspace, gc_classes(60), settings=settings)
    train(base)
    monkeypatch.setattr(carry_out, "_write_predictor", lambda folder, *ignored, **also: None)
    labels = np.arange(90) % 3
    other = dataset_of(random_rows(90, 24), labels)
    folder = run_of(own_workspace, other, settings={**settings, "epochs": 1, "freeze": "filters"}, base=base.name)
    train(folder)
    assert any("layers are taken over; new: output" in message for message in history.read(folder).log)
    with np.load(base / "filters.npz") as theirs, np.load(folder / "filters.npz") as ours:
        np.testing.assert_array_equal(ours["kernels"], theirs["kernels"])
