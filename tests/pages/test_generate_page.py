"""The Generate page: the plan, a generator in each of its states, and what it made."""

import subprocess

import pytest
from stories import STATES, generator, going, kept, labels, press, said, zoo
from toys import dataset_of, gc_classes, random_rows

from genomics import recipe, runs
from genomics.plots import composition

ENOUGH = gc_classes(300, 24)


def settings(visit, own_workspace, dataset=ENOUGH):
    return visit("generate", data=kept(own_workspace, dataset))


def test_the_plan_is_what_the_controls_say(visit, own_workspace, no_worker):
    app = settings(visit, own_workspace)
    app.number_input("wgan_gp_iterations").set_value(50)
    app.select_slider("wgan_gp_channels").set_value(8)
    app.selectbox(f"only_{ENOUGH.fingerprint}").set_value("class 0").run()
    assert not app.exception
    assert "--only 'class 0'" in app.code[-1].value
    press(app, "Train the generator")
    asked = recipe.from_json(runs.asked(no_worker[0]))
    assert (asked.only, asked.config.iterations, asked.config.channels, asked.layout.length) == ("class 0", 50, 8, 24)
    assert app.title[0].value == 'Generative adversarial network on toy, class "class 0"'


def test_the_promise_counts_only_the_class_to_learn_from(visit, own_workspace):
    app = settings(visit, own_workspace)
    assert "Trains on 105 sequences" in said(app)
    app.selectbox(f"only_{ENOUGH.fingerprint}").set_value("").run()
    assert "Trains on 210 sequences" in said(app)


def test_too_few_sequences_are_refused_before_they_are_trained_on(visit, own_workspace):
    app = settings(visit, own_workspace, zoo()["two classes"])
    assert "too few for a generator" in app.error[0].value
    assert [button.disabled for button in app.button if button.label == "Train the generator"] == [True]


def test_sequences_too_short_for_the_critic_are_refused(visit, own_workspace):
    app = settings(visit, own_workspace, dataset_of(random_rows(300, 1)))
    assert "at least 2 bp" in app.error[0].value
    assert "Train the generator" not in labels(app)


def test_a_class_is_asked_for_only_where_there_are_several(visit, own_workspace):
    assert settings(visit, own_workspace).selectbox
    assert not settings(visit, own_workspace, dataset_of(random_rows(300, 20))).selectbox


@pytest.mark.parametrize("state", STATES)
def test_a_generator_in_each_state(visit, own_workspace, state):
    folder = generator(own_workspace, zoo()["two classes"], state=state)
    if state in runs.LIVE:
        with going(folder):
            app = visit("generate", run=folder.name)
    else:
        app = visit("generate", run=folder.name)
    assert state.capitalize() in said(app)
    assert ("Are they like real ones?" in said(app)) == (state in ("finished", "stopped"))
    assert ("Pause" in labels(app)) == (state in runs.LIVE)
    assert ("Finish now" in labels(app)) == (state in ("running", "stopping"))  # as soon as there is anything to keep
    assert ("Resume" in labels(app)) == (state in ("stopped", "failed", "interrupted"))


def test_a_finished_generator_shows_its_scorecard_and_its_sequences(visit, own_workspace):
    folder = generator(own_workspace, zoo()["two classes"])
    app = visit("generate", run=folder.name)
    table = app.dataframe[0].value
    assert table[""].tolist()[:3] == ["Generated", "Real sequences (ceiling)", "Markov chain of order 1 (floor)"]
    assert [button.label for button in app.get("download_button")] == ["Download 20 sequences (FASTA)"]
    assert app.metric[0].value == "80 %"


def test_the_comparison_follows_new_samples(visit, own_workspace, monkeypatch):
    """A run that was stopped, looked at, and resumed writes its samples anew."""
    folder = generator(own_workspace, zoo()["two classes"])
    app = visit("generate", run=folder.name)
    drawn = []
    draw = composition.words
    monkeypatch.setattr(composition, "words", lambda real, others, names: drawn.append(others["generated"]) or draw(real, others, names))
    app.run()
    (folder / "samples.fasta").write_text(">a\n" + "A" * 24 + "\n")
    app.run()
    assert not app.exception
    assert drawn[0].max() < 0.5
    assert drawn[1].max() == 1  # AAAA and nothing else


def test_more_sequences_are_made_in_a_process_of_their_own(visit, own_workspace, monkeypatch):
    folder = generator(own_workspace, zoo()["two classes"])
    asked = []

    def make(command, **more):
        asked.append(command)
        out = command[command.index("-o") + 1]
        with open(out, "w") as file:  # noqa: PTH123
            file.write(">a\nACGT\n")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", make)
    app = visit("generate", run=folder.name)
    app.number_input("more_count").set_value(7)
    app.number_input("more_seed").set_value(3).run()
    press(app, "Make them")
    (command,) = asked
    assert command[1:8] == ["-m", "genomics", "generate", folder.name, "-n", "7", "--seed"]
    assert [button.label for button in app.get("download_button")][-1] == "Download 7 more (FASTA)"


def test_a_failure_to_make_more_says_why(visit, own_workspace, monkeypatch):
    folder = generator(own_workspace, zoo()["two classes"])
    failed = subprocess.CompletedProcess([], 2, "", "warning\nThe run has **no** network.\n")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: failed)
    app = press(visit("generate", run=folder.name), "Make them")
    assert app.error[-1].value == "The run has \\*\\*no\\*\\* network."


def test_samples_that_are_gone_are_said_to_be_gone(visit, own_workspace):
    folder = generator(own_workspace, zoo()["two classes"])
    (folder / "samples.fasta").unlink()
    app = visit("generate", run=folder.name)
    assert "samples" in app.error[-1].value
