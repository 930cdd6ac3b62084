"""Bad input ends with status 2 and one line that says what and how to mend it; nothing is left half-written."""

import gzip

import pytest
from calling import program
from toys import random_rows

from genomics import runs, sequences

REFUSED = {
    "a missing file": (["train", "{missing}", "--architecture", "cnn"], "missing.fa"),
    "an unknown sample": (["train", "sample:moon", "--architecture", "cnn"], 'There is no sample "moon". Samples: planted'),
    "an unknown architecture": (["train", "{data}", "--architecture", "resnet"], 'no architecture "resnet". Architectures: cnn'),
    "an unknown setting": (["train", "{data}", "--architecture", "cnn", "--set", "colour=1"], '"colour" is no setting of cnn.'),
    "no value": (["train", "{data}", "--architecture", "cnn", "--set", "filters"], "is not of the form name=value"),
    "a value out of range": (["train", "{data}", "--architecture", "cnn", "--set", "filters=9999"], "from 4 to 512"),
    "no epochs": (["train", "{data}", "--architecture", "cnn", "--epochs", "0"], "from 1 to 2000"),
    "one class": (["train", "{one}", "--architecture", "cnn"], "needs at least two classes"),
    "a missing column": (["train", "{data}", "--label", "nope", "--architecture", "cnn"], "nope"),
    "half a file": (["train", "{torn}", "--architecture", "cnn"], "torn.tsv.gz"),
    "no bases": (["train", "{letters}", "--architecture", "cnn"], "letters.tsv"),
    "epochs of a generator": (["train", "{data}", "--architecture", "wgan_gp", "--epochs", "3"], "counts iterations, not epochs"),
    "a generator and too few": (["train", "{few}", "--architecture", "wgan_gp"], "too few"),
    "one fold": (["train", "{data}", "--architecture", "cnn", "--folds", "1"], "choose 2 to 50"),
    "seeds that are none": (["train", "{data}", "--architecture", "cnn", "--seeds", "1,x"], "whole numbers with commas"),
    "a class too small": (["train", "{rare}", "--architecture", "cnn"], 'The class "b" has 2 members'),
    "more folds than members": (["train", "{data}", "--architecture", "cnn", "--folds", "19"], "at least 19 are needed"),
    "a split that is not there": (["train", "{data}", "--architecture", "cnn", "--split", "file"], "no split column"),
    "an unknown run": (["runs", "show", "nothing"], 'There is no run named "nothing"'),
    "an unknown run to resume": (["resume", "nothing"], 'There is no run named "nothing"'),
    "an unknown run to predict with": (["predict", "nothing", "{data}"], 'There is no run named "nothing"'),
    "an unknown architecture to show": (["architectures", "resnet"], 'no architecture "resnet"'),
    "an ending that says nothing": (["samples", "write", "planted", "{missing}.xyz"], "the ending chooses the form"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("refused")
    bases = [sequences.decode(row) for row in random_rows(39, 24)]

    def write(name: str, labels: list[str], first: str = "") -> str:
        rows = [f"{first}{text}\t{label}" for text, label in zip(bases, labels, strict=False)]
        (folder / name).write_text("\n".join(["sequence\tlabel", *rows]) + "\n")
        return str(folder / name)

    found = {
        "missing": str(folder / "missing.fa"),
        "data": write("data.tsv", ["a", "b", "a"] * 13),
        "one": write("one.tsv", ["a"] * 30),
        "few": write("few.tsv", ["a", "b"] * 8),
        "rare": write("rare.tsv", ["a"] * 20 + ["b"] * 2),
        "letters": write("letters.tsv", ["a", "b"] * 10, "!5"),
        "torn": str(folder / "torn.tsv.gz"),
    }
    packed = gzip.compress((folder / "data.tsv").read_bytes())
    (folder / "torn.tsv.gz").write_bytes(packed[: len(packed) // 2])
    return found


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_is_refused_in_one_line(command, files, own_workspace, words, said):
    found = command(*(word.format(**files) for word in words))
    assert (found.status, found.out) == (2, "")
    *_, last = lines = found.err.splitlines()
    assert said in last
    assert last.startswith(f"{words[0]}: ")
    assert last.endswith((".", ".)", '"'))
    assert not any("Traceback" in line for line in lines)
    assert not list((own_workspace / "runs").glob("*"))


def test_a_refusal_is_one_line_and_no_traceback_for_the_real_program_too(files, tmp_path):
    found = program("train", files["one"], "--architecture", "cnn", GENOMICS_WORKSPACE=str(tmp_path / "ws"))
    assert (found.status, found.out) == (2, "")
    assert len(found.err.splitlines()) == 1
    assert not (tmp_path / "ws" / "runs").exists()
    for command in ("generate", "evaluate", "predict"):  # TensorFlow, which has much to say, is loaded once there is work for it
        found = program(command, "nothing", *([files["one"]] if command == "predict" else []), GENOMICS_WORKSPACE=str(tmp_path / "ws"))
        assert (found.status, found.out) == (2, "")
        assert found.err.splitlines() == [
            f'{command}: There is no run named "nothing" in {tmp_path / "ws"}. "python -m genomics runs list" shows all of them.'
        ]
    assert program("--help").status == 0
    assert program("dance").status == 2


def test_what_a_run_cannot_do_is_refused(command, trained, tmp_path):
    where = ("--workspace", trained.workspace)
    other = tmp_path / "other.tsv"
    other.write_text("sequence\tlabel\n" + "".join(f"{'ACGT' * 6}\t{label}\n" for label in ("class 1", "a third")))
    bare = tmp_path / "bare.fa"
    bare.write_text(">a\nACGT\n")
    for words, said in (
        (("generate", trained.run), "it predicts and makes no sequences. Use a run of wgan_gp."),
        (("generate", trained.generating_run, "-n", 0), "-n 0 is not allowed"),
        (("generate", trained.generating_run, "--seed", -1), "--seed -1 is not allowed"),
        (("predict", trained.generating_run, trained.data), "it makes sequences and predicts nothing"),
        (("evaluate", trained.generating_run), "it makes sequences and predicts nothing"),
        (("evaluate", trained.run, other), 'has the class "a third", which cnn was not trained on. Its classes: class 0, class 1.'),
        (("evaluate", trained.run, bare), "has no labels to compare with"),
        (("resume", trained.run), "has finished. Start a new run"),
        (("runs", "show", "-"), "runs named"),
    ):
        found = command(*words, *where)
        assert (found.status, found.out) == (2, ""), words
        assert said in found.err, words


def test_a_run_that_has_not_begun_has_nothing_to_give(command, trained, tmp_path):
    folder = runs.create(tmp_path, runs.asked(trained.workspace / "runs" / trained.run))
    for words in (("predict", folder.name, trained.data), ("evaluate", folder.name)):
        found = command(*words, "--workspace", tmp_path)
        assert found.status == 2
        assert "Let it finish, or resume it." in found.err
    assert command("runs", "show", folder.name, "--workspace", tmp_path).status == 0
