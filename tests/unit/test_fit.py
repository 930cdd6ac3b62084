"""Training settings that do not fit the network or the start are refused before anything runs."""

import pytest
from toys import gc_classes

from genomics import fit, recipe
from genomics.errors import SettingError
from genomics.fit import Fit

TOY = gc_classes(20)


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("shift", 3, "shift = 3 changes bases, and this network reads counts of words. Set shift to 0, or choose an architecture"),
        ("mutation", 0.1, "mutation = 0.1 changes bases"),
        ("evoaug", True, "Set evoaug to false"),
    ],
)
def test_counts_have_no_bases_to_change(setting, value, says):
    with pytest.raises(SettingError) as caught:
        recipe.plan(TOY, "image_cnn", settings={setting: value})
    assert says in str(caught.value)
    fit.check_encoding(Fit(**{setting: value}), codes=True)
    assert recipe.plan(TOY, "image_cnn", settings={"reverse_complement": "both"}).fit.reverse_complement == "both"


def test_only_what_comes_from_somewhere_can_be_kept():
    with pytest.raises(SettingError, match="Choose a run to begin from"):
        recipe.plan(TOY, "cnn", settings={"freeze": "filters"})
    assert recipe.plan(TOY, "cnn", settings={"freeze": "filters"}, base="some run").base == "some run"
