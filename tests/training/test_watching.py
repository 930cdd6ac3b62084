"""What can be watched of the first layer: filters over bases, whatever layer holds them."""

import numpy as np
import pytest
from toys import dataset_of, random_rows

from genomics import inputs, recipe
from genomics.plots import filters
from genomics.recipe import predictor
from genomics.training import watching

TOY = dataset_of(random_rows(60, 24), np.arange(60) % 2)


def built(name, **settings):
    planned = recipe.plan(TOY, name, settings=settings)
    return predictor(name).build(planned.config, inputs.shape(planned), 1)


@pytest.mark.parametrize(
    ("name", "settings", "shape"),
    [
        ("cnn", {"filters": 4, "layers": 2, "kernel_size": 5}, (4, 5, 4)),  # the second layer, too, reads four channels
        ("image_cnn", {"picture": "one_hot", "filters": 8, "kernel_width": 7}, (8, 7, 4)),
        ("multiscale_cnn", {"filters": 8, "narrow": 3, "middle": 7, "wide": 12}, (24, 12, 4)),
        ("dilated_resnet", {"filters": 8, "kernel_size": 9}, (8, 9, 4)),
        ("transformer", {"filters": 8, "kernel_size": 9}, (8, 9, 4)),
    ],
)
def test_filters_over_bases_are_found(name, settings, shape):
    layers = watching.first_filters(built(name, **settings))
    found = watching.side_by_side([layer.kernel.numpy() for layer in layers])
    assert found.shape == shape
    assert np.abs(found).sum((1, 2)).min() > 0


@pytest.mark.parametrize(
    ("name", "settings"),
    [("cnn", {"input": "kmers", "embedding": 4}), ("image_cnn", {"picture": "chaos"}), ("kmer_dense", {}), ("rnn", {})],
)
def test_there_are_none_over_words_and_counts(name, settings):
    assert watching.first_filters(built(name, **settings)) == []


def test_a_filter_keeps_its_letters_between_zeros():
    narrow, wide, picture = np.zeros((3, 4, 1)), np.zeros((6, 4, 2)), np.zeros((6, 4, 1, 1))
    narrow[:, 0, 0], wide[:, 1, 1], picture[:, 2, 0, 0] = 1, 2, 3
    found = watching.side_by_side([narrow, wide, picture])
    assert found.shape == (4, 6, 4)
    np.testing.assert_array_equal(found[0, :, 0], [0, 1, 1, 1, 0, 0])
    np.testing.assert_array_equal(found[2, :, 1], [2] * 6)
    np.testing.assert_array_equal(found[3, :, 2], [3] * 6)
    assert filters.strongest(found, 2).numbers == [3, 4]
