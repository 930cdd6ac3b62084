"""BED and GFF intervals of a reference against slices written out, against Biopython, and at the size people have."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from Bio.Seq import Seq
from hypothesis import given
from hypothesis import strategies as st

from genomics import dataset, io
from genomics.errors import InputError, SettingError
from genomics.io import intervals, source
from genomics.io.contigs import Contig
from genomics.io.report import Collector
from genomics.sequences import INVALID, decode, encode

MG1655 = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "formats" / "MG1655-K12.fasta.gz"
GENOME = "".join(np.random.default_rng(3).choice(list("ACGT"), 300))
CONTIGS = [Contig("chr1", encode(GENOME)), Contig("chr2", encode(GENOME[::-1]))]


def read(text, name="x.bed", contigs=CONTIGS, **asked):
    collector = Collector(name)
    content = text if isinstance(text, bytes) else "\n".join("\t".join(line.split(" ")) for line in text.split("\n")).encode()
    return intervals.read(content, name, contigs, collector, **asked), collector


def texts(records):
    return [decode(records.codes[a:b]) for a, b in pairwise(records.offsets)]


def other(text):
    return str(Seq(text).reverse_complement())


def test_bed_counts_from_0_and_leaves_out_the_end():
    records, collector = read("chr1 10 20\nchr2 0 5 n 0 -\nchr1 299 300 . 0 +")
    assert texts(records) == [GENOME[10:20], other(GENOME[::-1][:5]), GENOME[299]]
    assert records.ids == ["chr1:10-20", "n", "chr1:299-300(+)"]
    assert records.groups == ["chr1", "chr2", "chr1"]
    assert records.lines.tolist() == [1, 2, 3]
    assert (records.labels, records.lower, collector.problems) == (None, None, [])
    assert collector.notes == ["x.bed is read as BED, whose places count from 0.", "x.bed: 1 intervals have no strand; they are read as +."]


def test_gff_counts_from_1_with_both_ends_and_keeps_names():
    records, collector = read("chr1 x gene 11 20 . - . ID=a%20b\nchr2 x CDS 1 5 . + 0 gene=c", "x.gff")
    assert (texts(records), records.ids) == ([other(GENOME[10:20]), GENOME[::-1][:5]], ["a_b", "c"])
    assert collector.notes == ["x.gff is read as GFF, whose places count from 1."]


def test_columns_not_names_tell_the_format():
    _, collector = read("chr1 x gene 11 20 . - . ID=a", "x.bed")
    assert collector.notes[0] == "x.bed is read as GFF, whose places count from 1; its columns say so, its name says otherwise."
    _, collector = read("chr1 11 20", "x.gff3")
    assert collector.notes[0] == "x.gff3 is read as BED, whose places count from 0; its columns say so, its name says otherwise."


def test_comments_tracks_and_blank_lines_are_skipped_and_lines_stay_true():
    records, _ = read(b"#c\ntrack name=x\nbrowser position chr1\n\nchr1\t1\t5\n \nchr1\t2\t5")
    assert records.lines.tolist() == [5, 7]


def test_the_reference_tells_lower_case():
    contigs = [Contig("chr1", encode(GENOME), lower=np.arange(300) >= 15), Contig("chr2", encode(GENOME))]
    records, collector = read("chr1 10 20 a 0 -\nchr1 0 9\nchr2 0 9", contigs=contigs)
    assert records.lower.tolist() == [5, 0, 0]
    assert any("5 letters" in note and "are lower case" in note for note in collector.notes)


def test_blocks_are_joined_only_if_asked():
    line = "chr1 10 40 n 0 - 10 40 0 3 5,6,4 0,10,26,"
    assert texts(read(line)[0]) == [other(GENOME[10:40])]
    assert texts(read(line, spliced=True)[0]) == [other(GENOME[10:15] + GENOME[20:26] + GENOME[36:40])]


def test_labels_come_from_a_column_or_an_attribute():
    assert read("chr1 1 5 a 7 +\nchr1 2 5 b 8 +", label="5")[0].labels == ["7", "8"]
    assert read("chr1 1 5 a 7 +\nchr1 2 5 b 8 +", label="4")[0].labels == ["a", "b"]
    gff = "chr1 x gene 1 5 . + . ID=a;biotype=p\nchr1 x CDS 1 5 . + . ID=b;biotype=q"
    records, _ = read(gff, "x.gff", label="biotype")
    assert (records.labels, records.label_names, records.ids) == (["p", "q"], ("biotype",), ["a", "b"])
    assert read(gff, "x.gff", label="3")[0].labels == ["gene", "CDS"]


def test_names_that_are_a_few_classes_are_labels_and_that_is_said():
    lines = "\n".join(f"chr1 {at} {at + 9} {'enhancer' if at % 2 else 'promoter'} 0 +" for at in range(6))
    records, collector = read(lines)
    assert records.labels == ["promoter", "enhancer"] * 3
    assert len({id(label) for label in records.labels}) == 2
    assert records.ids[0] == "chr1:0-9(+)"
    assert "x.bed: column 4 is taken as the label (enhancer, promoter)." in collector.notes
    assert read(lines, label="-")[0].labels is None


def test_contigs_are_renamed_only_if_asked():
    contigs = [Contig("1", encode(GENOME))]
    _, collector = read("chr1 1 5", contigs=contigs)
    assert str(collector.problems[0]).endswith(
        'the reference has no contig "chr1"; it has 1. Choose rename "strip chr" if they are the same.'
    )
    records, collector = read("chr1 1 5", contigs=contigs, rename="strip chr")
    assert (texts(records), records.groups, collector.problems) == ([GENOME[1:5]], ["1"], [])
    assert 'x.bed: the "chr" before names is left out, to match the reference.' in collector.notes
    assert texts(read("1 1 5", rename="add chr")[0]) == [GENOME[1:5]]


def test_a_flaw_costs_its_line_only_and_cleaning_counts_it():
    records, collector = read("chr1 1 5\nchr1 9 9\nchr1 290 301\nchr2 1 5")
    assert records.ids == ["chr1:1-5", "line_2", "line_3", "chr2:1-5"]
    assert np.diff(records.offsets).tolist() == [4, 0, 0, 4]
    with pytest.raises(InputError, match=r'x.bed, record 2 "line_2", line 2: the start 9 is not before the end 9.*1 more like this'):
        dataset.build(records, collector.report())
    kept, report = io.clean(records, collector.report(), "drop")
    assert texts(kept) == [GENOME[1:5], GENOME[::-1][1:5]]
    assert any("2 of 4 records are left out" in note for note in report.notes)


def test_a_reference_with_a_letter_that_is_no_base_is_reported_by_record():
    codes = encode(GENOME)
    codes[100] = INVALID
    _, collector = read("chr1 1 5\nchr1 90 110 n 0 -", contigs=[Contig("chr1", codes)])
    assert [(problem.code, problem.record, problem.line) for problem in collector.problems] == [("not_a_base", 2, 2)]


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("x.bed", {"rename": "upper"}, '"upper" is no way to rename contigs. Ways: strip chr, add chr, or nothing.'),
        ("x.bed", {"label": "13"}, r'the label "13" is not allowed. Give a column from 1 to 12, or "-" for none.'),
        ("x.bed", {"label": "score"}, r'the label "score" is not allowed. Give a column from 1 to 12'),
        ("x.bed", {"label": "9" * 5000}, r"is not allowed. Give a column from 1 to 12"),
    ],
)
def test_a_setting_that_is_not_allowed_is_refused(name, asked, said):
    with pytest.raises(SettingError, match=said):
        read("chr1 1 5", name, **asked)


@given(
    st.lists(st.tuples(st.sampled_from([0, 1]), st.integers(0, 290), st.integers(1, 10), st.sampled_from("+-")), min_size=1, max_size=20)
)
def test_bed_and_gff_of_the_same_intervals_are_the_same_sequences(places):
    bed = "\n".join(f"chr{c + 1}\t{start}\t{start + size}\tn{n}\t0\t{strand}" for n, (c, start, size, strand) in enumerate(places))
    gff = "\n".join(
        f"chr{c + 1}\tx\ty\t{start + 1}\t{start + size}\t.\t{strand}\t.\tID=n{n}" for n, (c, start, size, strand) in enumerate(places)
    )
    from_bed, _ = read(bed.encode(), label="-")
    from_gff, _ = read(gff.encode(), "x.gff")
    expected = [(GENOME, GENOME[::-1])[c][start : start + size] for c, start, size, _ in places]
    assert (
        texts(from_bed)
        == texts(from_gff)
        == [text if place[3] == "+" else other(text) for text, place in zip(expected, places, strict=True)]
    )
    assert from_bed.ids == from_gff.ids


def test_two_hundred_intervals_of_a_real_genome_are_biopythons_slices():
    if not MG1655.exists():
        pytest.skip("MG1655-K12.fasta.gz is not here")
    _, content = source.load(MG1655)
    header, _, body = content.partition(b"\n")
    name, genome = header[1:].split()[0].decode(), Seq(body.replace(b"\n", b""))
    rng = np.random.default_rng(11)
    starts, sizes = rng.integers(0, len(genome) - 2000, 200).tolist(), rng.integers(1, 2000, 200).tolist()
    bed = "".join(f"{name}\t{a}\t{a + n}\tp{i}\t0\t{'+-'[i % 2]}\n" for i, (a, n) in enumerate(zip(starts, sizes, strict=True)))
    records, collector = read(bed.encode(), contigs=io.read_contigs(MG1655))
    slices = [genome[a : a + n] for a, n in zip(starts, sizes, strict=True)]
    assert texts(records) == [str(piece.reverse_complement() if i % 2 else piece).upper() for i, piece in enumerate(slices)]
    assert collector.problems == []
