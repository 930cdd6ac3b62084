"""`audit` and `prepare`: what they answer for planted flaws and real files, as a judge would ask."""

import gzip
import json
import random
from pathlib import Path

import pytest
from Bio import SeqIO
from Bio.Seq import Seq

from genomics import requests

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
FLOORS = {"gue_splice_3class_devtest": ("positions", "accuracy", 0.675), "gene_family7_chimp_dog": ("positions", "accuracy", 0.706)}


def real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the real data are not here: {path.name}")
    return path


def table(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    path.write_text("id\tsequence\tlabel\tsplit\n" + "".join(f"r{n}\t{s}\t{label}\t{part}\n" for n, (s, label, part) in enumerate(rows)))
    return path


def clean(n: int = 300, length: int = 100, seed: int = 0) -> list[tuple[str, str, str]]:
    rng = random.Random(seed)
    parts = ["train", "train", "train", "dev", "test"]
    return [("".join(rng.choices("ACGT", k=length)), f"c{i % 2}", parts[i // 2 % 5]) for i in range(n)]


def test_a_clean_set_raises_nothing_and_everything_is_kept_and_said(command, tmp_path):
    found = command("audit", table(tmp_path / "clean.tsv", clean()), "--workspace", tmp_path / "ws", "--json")
    assert (found.status, found.err) == (0, "")
    answer = found.answer
    assert answer["flags"] == []
    assert (answer["records"], answer["bases"], answer["classes"]) == (300, 30_000, {"c0": 150, "c1": 150})
    assert answer["lengths"] == {"min": 100, "median": 100, "max": 100}
    assert answer["split"]["records"] == {"train": 180, "validation": 60, "test": 60}
    assert set(answer["baselines"]) == {"majority", "length", "gc", "case", "words", "positions", "neighbour"}
    assert {"value", "low", "high"} == set(answer["baselines"]["words"]["metrics"]["mcc"])
    assert requests.found(tmp_path / "ws", answer["dataset"]) == answer


def test_planted_flaws_are_found_with_exact_counts_and_mended(command, tmp_path):
    rows = clean()
    test = [i for i, row in enumerate(rows) if row[2] == "test"]
    train = [i for i, row in enumerate(rows) if row[2] == "train"]
    for number in range(7):  # leaks as the reverse complement, of the same class
        rows[test[number]] = (str(Seq(rows[train[number]][0]).reverse_complement()), rows[train[number]][1], "test")
    for number in range(10, 15):  # 30 bases of a train record
        here, there = rows[test[number]], rows[train[number]]
        rows[test[number]] = (here[0][:35] + there[0][20:50] + here[0][65:], here[1], "test")
    for number in range(20, 24):  # the same sequence in both classes
        rows.append((rows[train[number]][0], "c1" if rows[train[number]][1] == "c0" else "c0", "train"))
    path = table(tmp_path / "flawed.tsv", rows)

    flags = {flag["code"]: flag for flag in command("audit", path, "--workspace", tmp_path / "ws", "--json").answer["flags"]}
    counts = {code: flag["count"] for code, flag in flags.items()}
    assert counts == {"leak": 7, "near_duplicates": 5, "label_conflict": 4, "reverse_complement_duplicates": 7}

    said = command("audit", path, "--workspace", tmp_path / "ws")
    assert "STOP leak: 7 test records of 60" in said.out
    assert "(--mend leak)" in said.out

    mended = command("audit", path, "--mend", "leak,label_conflict,near_duplicates", "--workspace", tmp_path / "ws", "--json").answer
    assert mended["flags"] == []
    assert (mended["records"], mended["remedy"]) == (304 - 7 - 8, "split_by_similarity")


def test_letter_case_and_length_and_padding(command, tmp_path):
    rows = clean()
    lower = table(tmp_path / "case.tsv", [(s.lower() if label == "c1" else s, label, part) for s, label, part in rows])
    short = table(tmp_path / "length.tsv", [(s[:80] if label == "c1" else s, label, part) for s, label, part in rows])
    filled = table(
        tmp_path / "filled.tsv", [(s[:90] + "N" * 10 if n % 6 == 0 else s, label, part) for n, (s, label, part) in enumerate(rows)]
    )
    for path, code, count in ((lower, "case_shortcut", 300), (short, "length_shortcut", 300), (filled, "padding", 50)):
        flags = {flag["code"]: flag["count"] for flag in command("audit", path, "--workspace", tmp_path / "ws", "--json").answer["flags"]}
        assert flags[code] == count
        assert set(flags) <= {code, "unknown_bases", "unknown_shortcut"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gene_family7_chimp_dog", "gue_splice_3class_devtest", "cnnprom_bacillus"])
def test_real_sets_agree_with_what_is_known_of_them(command, tmp_path, name):
    folder = real(name)
    known = json.loads((folder / "info.json").read_text())
    answer = command("audit", folder / "data.tsv.gz", "--workspace", tmp_path, "--json").answer
    flags = {flag["code"]: flag["count"] for flag in answer["flags"]}
    classes: dict[str, int] = {}
    for key, count in known["classes"].items():
        classes[key.split("|")[1]] = classes.get(key.split("|")[1], 0) + count
    assert answer["records"] == known["n"]
    assert answer["classes"] == classes
    assert (answer["lengths"]["min"], answer["lengths"]["max"]) == (known["len_min"], known["len_max"])
    assert flags.get("duplicates", 0) == known["dup_rows"]
    assert flags.get("label_conflict", 0) == known["label_conflict_seqs"]
    assert flags.get("unknown_bases", 0) == known["non_acgt_seqs"]
    if name in FLOORS:
        shortcut, metric, value = FLOORS[name]
        assert answer["baselines"][shortcut]["metrics"][metric]["value"] == pytest.approx(value, abs=0.03)


def rows_of(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        header, *lines = (line.rstrip("\n").split("\t") for line in file)
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_an_annotated_genome_becomes_a_labelled_set_that_matches_biopython(command, tmp_path):
    genome = real("formats") / "ct.gbk.gz"
    out = tmp_path / "starts.tsv"
    asked = ["--feature", "CDS", "--around", "start", "--before", "60", "--after", "40", "--negatives", "inner", "-o", out]
    answer = command("prepare", genome, *asked, "--json").answer
    assert set(answer["classes"]) == {"CDS_start", "inside_CDS"}
    with gzip.open(genome, "rt") as file:
        record = next(SeqIO.parse(file, "genbank"))
    text, wanted = str(record.seq), set()
    for feature in record.features:
        if feature.type == "CDS":
            first = feature.location.parts[0]  # a gene may be in parts, or lie across the origin
            start = int(first.start) if first.strand == 1 else int(first.end) - 1
            around = range(start - 60, start + 40) if first.strand == 1 else range(start - 39, start + 61)
            letters = "".join(text[i % len(text)] for i in around)
            wanted.add(letters if first.strand == 1 else str(Seq(letters).reverse_complement()))
    positives = [row["sequence"] for row in rows_of(out) if row["label"] == "CDS_start"]
    assert len(positives) > 850
    assert set(positives) <= wanted
    assert not {row["sequence"] for row in rows_of(out) if row["label"] == "inside_CDS"} & wanted


def test_intervals_of_a_genome_match_biopython_on_both_strands(command, tmp_path):
    genome = real("formats") / "MG1655-K12.fasta.gz"
    with gzip.open(genome, "rt") as file:
        record = next(SeqIO.parse(file, "fasta"))
    rng = random.Random(1)
    places = [(start, start + rng.randint(20, 300), "+-"[n % 2]) for n, start in enumerate(rng.sample(range(4_600_000), 100))]
    bed = tmp_path / "sites.bed"
    bed.write_text("".join(f"{record.id}\t{a}\t{b}\tsite_{n}\t0\t{strand}\n" for n, (a, b, strand) in enumerate(places)))
    out = tmp_path / "sites.tsv.gz"
    assert command("prepare", bed, "--reference", genome, "-o", out).status == 0
    for row, (a, b, strand) in zip(rows_of(out), places, strict=True):
        piece = record.seq[a:b]
        assert row["sequence"] == str(piece if strand == "+" else piece.reverse_complement()).upper()


def test_what_is_written_as_fasta_is_read_back_with_its_split_and_groups(command, tmp_path):
    source = tmp_path / "source.tsv"
    rows = [(s, label, part, f"chr{n % 7}") for n, (s, label, part) in enumerate(clean())]
    source.write_text("sequence\tlabel\tsplit\tgroup\n" + "".join("\t".join(row) + "\n" for row in rows))
    for name in ("out.fa.gz", "out.csv"):
        written = tmp_path / name
        assert command("prepare", source, "-o", written).status == 0
        again = command("audit", written, "--workspace", tmp_path / "ws", "--json").answer
        assert (again["split"]["how"], again["split"]["records"]) == ("file", {"train": 180, "validation": 60, "test": 60})
        assert (again["groups"], again["classes"]) == (7, {"c0": 150, "c1": 150})


def test_blocks_are_cut_whole_with_a_note_or_joined(command, tmp_path):
    text = "".join(random.Random(5).choices("ACGT", k=400))
    (tmp_path / "genome.fa").write_text(f">chr1\n{text}\n")
    (tmp_path / "exons.bed").write_text("chr1\t100\t300\tgene\t0\t-\t100\t300\t0\t2\t20,30,\t0,170,\n")
    asked = ["prepare", tmp_path / "exons.bed", "--reference", tmp_path / "genome.fa", "-o", tmp_path / "out.tsv"]
    assert "blocks (exons) can be joined instead" in command(*asked).out
    assert rows_of(tmp_path / "out.tsv")[0]["sequence"] == str(Seq(text[100:300]).reverse_complement())
    assert "blocks (exons)" not in command(*asked, "--spliced").out
    assert rows_of(tmp_path / "out.tsv")[0]["sequence"] == str(Seq(text[100:120] + text[270:300]).reverse_complement())


def test_negatives_are_made_from_the_command_line(command, tmp_path):
    rng = random.Random(2)
    source = tmp_path / "positives.fa"
    source.write_text("".join(f">p{n}\n{''.join(rng.choices('ACGT', weights=[4, 1, 2, 3], k=90))}\n" for n in range(60)))
    out = tmp_path / "both.tsv"
    answer = command("prepare", source, "--negatives", "shuffled", "--seed", "3", "-o", out, "--json").answer
    assert answer["classes"] == {"shuffled": 60, "positive": 60}
    rows = {row["id"]: row["sequence"] for row in rows_of(out)}

    def pairs(text: str) -> list[str]:
        return sorted(text[i : i + 2] for i in range(len(text) - 1))

    for n in range(60):
        (other,) = [name for name in rows if name.startswith(f"p{n}_shuffled")]
        assert pairs(rows[f"p{n}"]) == pairs(rows[other])
        assert rows[f"p{n}"] != rows[other]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["audit", "{fasta}", "--split", "homology"], '"homology" is no way to split'),
        (["audit", "{fasta}", "--mend", "dust"], '"dust" is no remedy. Remedies: keep_one_of_each'),
        (["audit", "{fasta}", "--mend", "padding"], '"padding" was not found'),
        (["audit", "{bed}"], "reference"),
        (["audit", "{fasta}", "--negatives", "genome"], "Negatives from a genome need one"),
        (["audit", "{fasta}", "--negatives", "inner"], "need an annotated genome"),
        (["audit", "{fasta}", "--words", "9"], "words = 9 is not allowed: it is from 1 to 4"),
        (["audit", "{fasta}", "--problems", "wash"], "wash"),
        (["audit", "{fasta}", "--feature", "CDS"], "x.fa"),
        (["prepare", "{fasta}", "-o", "{fasta}.docx"], "the ending chooses the form"),
        (["prepare", "{fasta}", "-o", "/nowhere/x.tsv"], "cannot be written"),
        (["prepare", "{fasta}", "-o", "{fasta}"], "is one of the files that are read"),
        (["prepare", "{fasta}", "-o", "{fasta}.tsv", "--split", "group"], "has no groups"),
        (["prepare", "{fasta}"], "prepare: the following arguments are required: -o/--output. See: python -m genomics prepare --help"),
        (["audit"], "the following arguments are required: DATA"),
        (["audit", "{fasta}", "--workspace", "{bed}"], "cannot be made: File exists. Choose another folder"),
        (["audit", "{fasta}", "--min-quality", "high"], "invalid float value"),
        (["audit", "sample:promoters", "{fasta}"], "A sample is a dataset of its own"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(command, tmp_path, own_workspace, words, says):
    files = {"fasta": tmp_path / "x.fa", "bed": tmp_path / "x.bed"}
    rng = random.Random(3)
    files["fasta"].write_text("".join(f">s{n} label=c{n % 2}\n{''.join(rng.choices('ACGT', k=50))}\n" for n in range(120)))
    files["bed"].write_text("chr1\t5\t50\tone\nchr1\t60\t90\ttwo\n")
    found = command(*(word.format(**files) for word in words))
    assert (found.status, found.out) == (2, "")
    assert says in found.err
    assert len(found.err.splitlines()) == 1
