"""All runs of one command: which settings, seeds, folds and validation parts each gets."""

import argparse
import dataclasses
import shlex
from collections import Counter

import numpy as np
import pytest
from Bio.Seq import Seq
from hypothesis import given
from hypothesis import strategies as st
from toys import dataset_of, gc_classes, random_rows, run_of

from genomics import estimate, hyper, machine, planning, recipe, runs
from genomics.architectures import ARCHITECTURES
from genomics.commands import train
from genomics.errors import SettingError
from genomics.sequences import reverse_complement
from genomics.terminal import command_line

TOY = gc_classes(40)


def test_architectures_and_seeds_answer_together_in_each_fold_and_watch_unlike_parts():
    folds = [(0, 3), (1, 3), (2, 3)]
    made = planning.plans(TOY, ["cnn", "rnn", "cnn"], seeds=[5, 6], folds=folds, watch=7, split_seed=1)
    assert [(plan.fold, plan.architecture, plan.seed) for plan in made] == [
        (fold, name, seed) for fold in folds for name in ("cnn", "rnn") for seed in (5, 6)
    ]
    for fold in folds:
        assert [plan.watch for plan in made if plan.fold == fold] == [7, 8, 9, 10]
    assert {plan.split_seed for plan in made} == {1}


def test_generators_watch_nothing():
    made = planning.plans(TOY, ["wgan_gp"], settings={"iterations": 9}, seeds=[0, 1])
    assert [(plan.config.iterations, plan.watch, plan.seed) for plan in made] == [(9, 0, 0), (9, 0, 1)]


def test_a_setting_goes_to_each_that_has_it_and_with_a_name_before_it_to_that_one():
    cnn, rnn, words = planning.plans(
        TOY,
        ["cnn", "rnn", "kmer_dense"],
        settings={"cnn.dropout": "0.1", "dropout": 0.2, "units": 16, "mutation": 0, "epochs": 3, "rnn.epochs": 4},
    )
    assert [plan.config.dropout for plan in (cnn, rnn, words)] == [0.1, 0.2, 0.2]
    assert (rnn.config.units, words.config.units) == (16, 16)
    assert [plan.fit.epochs for plan in (cnn, rnn, words)] == [3, 4, 3]


def test_one_architecture_may_be_named_before_its_settings_too():
    (plan,) = planning.plans(TOY, ["cnn"], settings={"cnn.layers": 1, "epochs": 2})
    assert (plan.config.layers, plan.fit.epochs) == (1, 2)


@pytest.mark.parametrize(
    ("architectures", "settings", "base", "message"),
    [
        (
            ["cnn", "rnn"],
            {"colour": 1},
            "",
            r'"colour" is no setting of cnn, rnn\. .*"cnn\.NAME=VALUE" is for cnn alone\. Settings: layers, .*epochs, .*units',
        ),
        (["cnn", "rnn"], {"rnn.filters": 1}, "", r'"rnn\.filters" is no setting of cnn, rnn'),
        (["cnn", "rnn"], {"image_cnn.filters": 8}, "", r'"image_cnn\.filters" is no setting of cnn, rnn'),
        (["cnn"], {"rnn.units": 8}, "", r'"rnn\.units" is no setting of cnn\.'),
        (["cnn", "rnn"], {"filters": 1}, "", r"filters = 1 is not allowed"),
        (["cnn", "wgan_gp"], {}, "", r"wgan_gp makes sequences and predicts nothing"),
        (["cnn", ""], {}, "", r'There is no architecture ""\. Architectures: cnn'),
        (["cnn", "rnn"], {}, "20260101-000000000-cnn-abcd", r"begin from it with that one alone, not with cnn, rnn"),
    ],
)
def test_what_does_not_fit_together_is_refused(architectures, settings, base, message):
    with pytest.raises(SettingError, match=message):
        planning.plans(TOY, architectures, settings=settings, base=base)


def test_several_runs_are_announced_as_one_effort(tmp_path, monkeypatch):
    monkeypatch.setenv("GENOMICS_SLOTS", "1")
    one = planning.plans(TOY, ["cnn"], settings={"epochs": 500, "patience": 0})
    several = planning.plans(TOY, ["cnn", "kmer_dense"], settings={"epochs": 500, "patience": 0}, seeds=[0, 1])

    def said(plans, together):
        return estimate.in_words(*estimate.seconds(plans, TOY, 28, tmp_path, together)[:2])

    assert planning.effort(one, TOY, 28, tmp_path) == f"Trains on 28 sequences; takes {said(one, 1)}"
    beginning = "4 networks, one after the other, train on 28 sequences each; they take "
    assert planning.effort(several, TOY, 28, tmp_path) == beginning + said(several, 1)
    monkeypatch.setenv("GENOMICS_SLOTS", "2")
    assert planning.effort(several, TOY, 28, tmp_path) == beginning.replace("one after the other", "two at a time") + said(several, 2)
    assert said(several, 2) != said(several, 1)
    assert planning.effort(one, TOY, 28, tmp_path).startswith("Trains on 28 sequences; takes ")


@pytest.mark.parametrize(
    ("architecture", "settings", "found", "ends"),
    [
        ("cnn", {"patience": 0}, (20, 40, 40), "takes 20 to 40 seconds"),
        ("cnn", {"epochs": 10, "patience": 10}, (20, 40, 40), "takes 20 to 40 seconds"),
        ("cnn", {}, (20, 40, 40), "takes 20 to 40 seconds, less with early stopping"),
        ("cnn", {}, (20, 40, 66), "takes 20 to 40 seconds, up to about 70 seconds without early stopping"),
        ("cnn", {}, (20, 40, 180), "takes 20 to 40 seconds, up to about 3 minutes without early stopping"),
        ("wgan_gp", {}, (200, 400, 400), "takes 3.5 to 7 minutes"),
    ],
)
def test_early_stopping_is_spoken_of_where_it_may_happen(architecture, settings, found, ends, tmp_path, monkeypatch):
    monkeypatch.setattr(estimate, "seconds", lambda *asked: found)
    assert planning.effort(planning.plans(TOY, [architecture], settings=settings), TOY, 28, tmp_path).endswith(ends)


def test_what_is_too_large_is_refused_wherever_it_stands(monkeypatch):
    made = planning.plans(TOY, ["kmer_dense", "cnn"])
    planning.check(made, TOY, 28, 6)
    monkeypatch.setattr(machine, "free", lambda: 1e6)
    with pytest.raises(SettingError, match=r"kmer_dense would take .* of memory here"):
        planning.check(made, TOY, 28, 6)
    with pytest.raises(SettingError, match=r"cnn would take"):
        planning.check(made[1:], TOY, 28, 6)


@pytest.mark.parametrize(
    ("slots", "free", "together"), [(1, 9, 1), (3, 9, 3), (3, 3, 3), (3, 2.99, 2), (3, 1.5, 1), (3, 0.5, 1), (9, 99, 6)]
)
def test_as_many_train_at_a_time_as_slots_and_free_memory_allow(monkeypatch, tmp_path, slots, free, together):
    made = planning.plans(TOY, ["kmer_dense", "cnn"], seeds=[0, 1, 2])
    small, large = sorted(estimate.memory(plan, 1, len(TOY)) for plan in (made[0], made[-1]))
    monkeypatch.setenv("GENOMICS_SLOTS", str(slots))
    monkeypatch.setattr(machine, "free", lambda: free * large)
    assert planning.together(made, TOY) == together
    assert planning.memory(made, TOY) == pytest.approx(min(3, together) * large + max(0, together - 3) * small)
    folders = planning.create(made, TOY, tmp_path)
    assert {runs.together(folder) for folder in folders} == {together}
    assert len({runs.asked(folder)["group"] for folder in folders} - {""}) == 1
    assert [recipe.from_json(runs.asked(folder)).seed for folder in folders] == [plan.seed for plan in made]


def test_one_run_has_no_group_and_a_generator_counts_nothing(tmp_path):
    (folder,) = planning.create(planning.plans(TOY, ["cnn"]), TOY, tmp_path)
    assert (runs.asked(folder)["group"], runs.together(folder)) == ("", 0)
    assert planning.memory(planning.plans(TOY, ["wgan_gp"], settings={"iterations": 9}, seeds=[0, 1]), TOY) == 0
    (folder / "run.json").write_text("half")
    assert runs.together(folder) == 0


def test_what_each_does_to_the_sequences_is_said_once():
    rows = dataset_of([random_rows(1, length)[0] for length in (20, 24) * 10], np.arange(20) % 2)
    made = planning.plans(rows, ["cnn", "rnn", "kmer_dense"], length=22)
    (said,) = planning.costs(made, rows)  # words are counted in whole sequences
    assert "22 bp" in said
    assert not planning.costs(made[2:], rows)


def met(number: str, of: str) -> str:
    return f"{number} of the {of} sequences that are tested here were learned from or watched by the run that this one begins with"


def test_a_run_that_begins_with_what_has_met_its_test_part_is_warned_of(tmp_path):
    same = run_of(tmp_path, TOY, split="random", split_seed=3)
    fold = run_of(tmp_path, TOY, split="random", fold=(0, 4))

    def said(dataset=TOY, **asked) -> str:
        return planning.known([recipe.plan(dataset, "cnn", split="random", **asked)], dataset, tmp_path)

    assert said(split_seed=3) == ""  # begins with nothing
    assert said(split_seed=3, base=same.name) == ""
    assert said(split_seed=3, watch=2, validation_fraction=0.1, base=same.name) == ""  # only what is not tested is divided anew
    assert said(fold=(0, 4), base=fold.name) == ""
    assert said(fold=(1, 4), base=fold.name).startswith(met("10", "10"))
    several = planning.plans(
        TOY, ["cnn"], split="random", split_seed=0, base=fold.name, seeds=[0, 1], folds=[(number, 4) for number in range(4)]
    )
    assert planning.known(several, TOY, tmp_path).startswith(met("30", "40"))
    assert said(split_seed=3, base="20260101-000000000-cnn-abcd") == ""  # not here any more
    for asked in ({"split_seed": 4}, {"fold": (2, 4)}):
        tested = {TOY.sequence(i) for i in recipe.divide(TOY, recipe.plan(TOY, "cnn", split="random", **asked)).test}
        kept_apart = {TOY.sequence(i) for i in recipe.divide(TOY, recipe.plan(TOY, "cnn", split="random", split_seed=3)).test}
        assert said(**asked, base=same.name).startswith(met(str(len(tested - kept_apart)), str(len(tested))))


def test_what_an_earlier_run_met_is_known_through_others_and_through_another_dataset(tmp_path):
    """By what the sequences are, on either strand, not by their place in a file."""
    first = run_of(tmp_path, TOY, split="random", split_seed=3)
    second = run_of(tmp_path, gc_classes(40, seed=9), base=first.name)
    there = recipe.plan(TOY, "cnn", split="random", split_seed=4, base=second.name)
    straight = recipe.plan(TOY, "cnn", split="random", split_seed=4, base=first.name)
    assert planning.known([there], TOY, tmp_path) == planning.known([straight], TOY, tmp_path) != ""
    assert planning.known([dataclasses.replace(there, split_seed=3)], TOY, tmp_path) == ""

    turned = dataset_of([reverse_complement(row) for row in TOY.codes.reshape(40, 24)[::-1]], TOY.labels[::-1])
    test = recipe.divide(turned, recipe.plan(turned, "cnn", split="random")).test
    learned = {TOY.sequence(i) for i in np.setdiff1d(np.arange(40), recipe.divide(TOY, recipe.from_json(runs.asked(first))).test)}
    count = sum(str(Seq(turned.sequence(i)).reverse_complement()) in learned for i in test)
    assert planning.known([recipe.plan(turned, "cnn", split="random", base=second.name)], turned, tmp_path).startswith(
        met(str(count), str(len(test)))
    )

    (first / "run.json").write_text("{")
    assert planning.known([there], TOY, tmp_path) == ""  # what cannot be read is not spoken of


@given(
    name=st.sampled_from(list(ARCHITECTURES)),
    others=st.lists(st.sampled_from(list(ARCHITECTURES)), unique=True, max_size=3),
    fit=st.fixed_dictionaries({}, optional={"epochs": st.integers(1, 9), "batch_size": st.just(8), "learning_rate": st.just(0.01)}),
    dropout=st.sampled_from([None, 0.0, 0.35]),
    seeds=st.integers(1, 3),
)
def test_the_command_that_is_shown_plans_the_same_runs(name, others, fit, dropout, seeds):
    others = [other for other in others if other != name]
    settings = {**fit, **({} if dropout is None else {"dropout": dropout})}
    planned = recipe.plan(TOY, name, settings=settings, seed=3, split_seed=0)
    usual = recipe.suggested(TOY, ARCHITECTURES[name], planned.layout)
    ours, training = planning.chosen(planned, usual)
    assert recipe.plan(TOY, name, settings=ours | training, seed=3, split_seed=0) == planned

    line = command_line(planned, "file.fa", usual=usual, seeds=[3 + more for more in range(seeds)] if seeds > 1 else (), others=others)
    parser = argparse.ArgumentParser(exit_on_error=False)
    train.arguments(parser)
    options = parser.parse_args(shlex.split(line)[4:])
    made = planning.plans(
        TOY,
        options.architecture.split(","),
        settings=hyper.parse(options.set),
        seeds=[int(seed) for seed in options.seeds.split(",")] if options.seeds else [options.seed],
        split_seed=options.seed if options.split_seed is None else options.split_seed,
        length=options.length,
    )
    assert made[0] == planned
    assert Counter(plan.architecture for plan in made) == dict.fromkeys((name, *others), seeds)
    for plan in made:
        assert {key: getattr(plan.fit, key) for key in fit} == fit
        if plan.architecture != name:  # what was chosen for one alone stays with it
            assert plan.config == recipe.plan(TOY, plan.architecture).config
