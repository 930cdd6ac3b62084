"""The built-in samples against what is known of them: the generator's own record, Biopython, scikit-learn."""

import gzip
import io as text_io
import warnings
from collections import Counter

import numpy as np
import pytest
from Bio import BiopythonParserWarning, SeqIO
from Bio.Seq import Seq
from sklearn.metrics import roc_auc_score

from genomics import io, samples, writing
from genomics.architectures import ARCHITECTURES
from genomics.errors import InputError, SettingError
from genomics.samples import gene_starts, planted, promoters
from genomics.samples.windows import span, window
from genomics.sequences import encode, gc_content

BEFORE, AFTER = 60, 40


def rows(dataset):
    return dataset.codes.reshape(len(dataset), -1)


# What holds for every sample


def test_the_samples_come_in_the_order_of_the_page():
    assert list(samples.SAMPLES) == ["planted", "promoters", "gene_starts"]


@pytest.mark.parametrize("name", ["planted", "promoters", "gene_starts"])
def test_a_sample_loads_quickly_tells_its_story_and_is_the_same_each_time(name):
    sample = samples.SAMPLES[name]
    dataset = samples.load(name)

    assert sample.architecture in ARCHITECTURES
    assert all(text.endswith(".") for text in (sample.story, sample.source, sample.learns))
    assert sample.name == name
    assert dataset.name == sample.title
    assert dataset.task == "binary"
    assert dataset.codes.max() <= 3
    assert len(set(dataset.ids)) == len(dataset)
    assert min(dataset.counts().values()) > 0.45 * len(dataset)
    assert dataset.fingerprint == samples.load(name).fingerprint


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(SettingError) as error:
        samples.load("promoter")
    assert str(error.value) == 'There is no sample "promoter". Samples: planted, promoters, gene_starts.'


@pytest.mark.parametrize("name", ["planted", "promoters", "gene_starts"])
@pytest.mark.parametrize("ending", writing.SUFFIXES)
def test_what_is_written_is_read_back(tmp_path, name, ending):
    dataset = samples.load(name)
    path = samples.write(name, tmp_path / f"sample{ending}")

    records, report = io.read(path)
    assert report.problems == []
    assert tuple(records.ids) == dataset.ids
    assert np.array_equal(records.codes, dataset.codes)
    assert np.array_equal(records.offsets, dataset.offsets)
    assert records.labels == [dataset.classes[label] for label in dataset.labels]
    assert list(tmp_path.iterdir()) == [path]
    assert (path.read_bytes()[:2] == b"\x1f\x8b") == ending.endswith(".gz")


def test_the_written_forms_are_those_promised(tmp_path):
    table = samples.write("promoters", tmp_path / "p.tsv").read_text().splitlines()
    fasta = samples.write("promoters", tmp_path / "p.FASTA").read_text().splitlines()
    assert table[0] == "id\tsequence\tlabel"
    assert table[1].split("\t")[::2] == ["prom_001", "promoter"]
    assert fasta[0] == ">prom_001 label=promoter"
    assert fasta[1] == table[1].split("\t")[1]


def test_a_place_or_an_ending_that_cannot_be_is_refused(tmp_path):
    with pytest.raises(SettingError, match=r'"p\.xls": the ending chooses the form\. Endings: \.tsv, \.tsv\.gz, \.csv'):
        samples.write("promoters", tmp_path / "p.xls")
    with pytest.raises(SettingError, match="cannot be written: No such file or directory"):
        samples.write("promoters", tmp_path / "nowhere" / "p.tsv")
    assert list(tmp_path.iterdir()) == []


# Planted sites


def test_each_matrix_is_one_of_probabilities_with_its_consensus_on_top():
    for motif in planted.MOTIFS.values():
        assert motif.matrix.shape == (len(motif.consensus), 4)
        assert np.allclose(motif.matrix.sum(1), 1)
        assert (motif.matrix > 0).all()
        assert np.array_equal(motif.matrix.argmax(1), encode(motif.consensus))


@pytest.mark.parametrize(("n", "length", "seed"), [(2000, 100, 0), (301, 30, 7)])
def test_sites_hold_the_motif_and_decoys_do_not(n, length, seed):
    dataset, sites = planted.simulate(n, length, seed), planted.sites(n, length, seed)
    sequences = rows(dataset)
    agreement = {(motif, decoy): [] for motif in planted.MOTIFS for decoy in (False, True)}
    for site in sites:
        assert 0 <= site.start < site.end <= length
        assert site.decoy == (dataset.labels[site.record] == 0)
        consensus = encode(planted.MOTIFS[site.motif].consensus)
        agreement[site.motif, site.decoy].append((sequences[site.record, site.start : site.end] == consensus).mean())

    for motif in planted.MOTIFS:
        # 0.9 by the matrix; the standard error over the smaller set (75 sites of 10) is 0.011
        assert np.mean(agreement[motif, False]) == pytest.approx(0.9, abs=0.05)
        assert max(agreement[motif, True]) <= 0.5


def test_instances_follow_the_matrix_position_by_position():
    dataset = planted.simulate(n=8000, seed=1)
    bound = [s for s in planted.sites(n=8000, seed=1) if s.motif == "AP-1" and not s.decoy]
    seen = np.array([rows(dataset)[s.record, s.start : s.end] for s in bound])
    frequencies = np.stack([(seen == base).mean(0) for base in range(4)], axis=1)
    assert len(bound) == 4000
    assert np.abs(frequencies - planted.MOTIFS["AP-1"].matrix).max() < 0.025  # five standard errors


def test_every_sequence_has_one_first_site_and_half_of_each_class_a_partner_beside_it():
    labels, sites = planted.make().labels, planted.sites()
    first = {s.record: s for s in sites if s.motif == "AP-1"}
    partners = [s for s in sites if s.motif == "GATA"]
    assert sorted(first) == list(range(2000))
    assert len(sites) == len(first) + len(partners)
    assert Counter(int(labels[s.record]) for s in partners) == {0: 500, 1: 500}
    gaps = [max(s.start - first[s.record].end, first[s.record].start - s.end) for s in partners]
    assert (min(gaps), max(gaps)) == (0, planted.GAP)
    starts = Counter(s.start for s in first.values())
    assert set(starts) == set(range(100 - 10 + 1))  # anywhere


def test_the_seed_decides():
    assert planted.simulate(200, seed=3).fingerprint == planted.simulate(200, seed=3).fingerprint
    assert planted.simulate(200, seed=3).fingerprint != planted.simulate(200, seed=4).fingerprint
    assert planted.sites(200, seed=3) != planted.sites(200, seed=4)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("gc", [0.3, 0.5])
def test_base_composition_does_not_tell_the_classes_apart(seed, gc):
    dataset = planted.simulate(seed=seed, gc=gc)
    auroc = roc_auc_score(dataset.labels, gc_content(dataset.codes, dataset.offsets))
    assert 0.45 < auroc < 0.55  # the standard error is 0.013
    for base in range(4):
        assert 0.45 < roc_auc_score(dataset.labels, (rows(dataset) == base).sum(1)) < 0.55


def test_who_knows_the_motif_tells_the_classes_apart():
    dataset = planted.make()
    scores = np.log(planted.MOTIFS["AP-1"].matrix / 0.25)
    width = len(scores)
    windows = np.lib.stride_tricks.sliding_window_view(rows(dataset), width, axis=1)
    best = scores[np.arange(width), windows].sum(2).max(1)
    assert roc_auc_score(dataset.labels, best) > 0.95


def test_parameters_of_the_simulation():
    dataset = planted.simulate(7, 40, gc=0.8, partner=0.0)
    assert dataset.counts() == {"background": 4, "bound": 3}
    assert set(dataset.lengths.tolist()) == {40}
    assert {s.motif for s in planted.sites(7, 40, gc=0.8, partner=0.0)} == {"AP-1"}
    assert len(planted.sites(7, 40, partner=1.0)) == 14
    many = planted.simulate(500, 400, gc=0.8)
    assert gc_content(many.codes, many.offsets).mean() == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"n": 1}, "n = 1 is too few"),
        ({"length": 29}, "length = 29 is too short"),
        ({"gc": 1.0}, "gc = 1.0 is no share"),
        ({"partner": 1.5}, "partner = 1.5 is no share"),
    ],
)
def test_parameters_out_of_range_are_refused(arguments, said):
    with pytest.raises(SettingError, match=said):
        planted.simulate(**arguments)


# Promoters


def test_promoters_are_the_106_of_uci():
    dataset = promoters.make()
    assert dataset.counts() == {"nonpromoter": 53, "promoter": 53}
    assert dataset.classes == ("nonpromoter", "promoter")
    assert set(dataset.lengths.tolist()) == {57}
    assert dataset.splits is None
    assert len({dataset.sequence(index) for index in range(106)}) == 106
    # the -10 box of the promoters: TATAAT is the consensus of where it mostly lies
    bound = rows(dataset)[dataset.labels == 1]
    tata = [[(row[at : at + 6] == encode("TATAAT")).sum() for at in range(34, 46)] for row in bound]
    others = [[(row[at : at + 6] == encode("TATAAT")).sum() for at in range(34, 46)] for row in rows(dataset)[dataset.labels == 0]]
    assert np.max(tata, 1).mean() > np.max(others, 1).mean() + 1


def test_the_story_of_the_promoters_tells_how_many_others_overlap():
    dataset = promoters.make()
    others = [dataset.sequence(index) for index in range(106) if dataset.labels[index] == 0]
    words = [{text[at : at + 20] for at in range(38)} for text in others]
    overlapping = sum(any(own & other for other in words if other is not own) for own in words)
    assert f"{overlapping} of the 53 others share 20 or more bases" in promoters.SAMPLE.story


# Windows


@pytest.mark.parametrize("strand", [1, -1])
@pytest.mark.parametrize(("before", "after"), [(0, 3), (7, 5), (60, 40), (5, 0)])
def test_windows_are_those_of_biopython(strand, before, after):
    codes = np.random.default_rng(0).integers(0, 4, 300, dtype=np.uint8)
    forward = Seq("".join("ACGT"[code] for code in codes))
    own = forward if strand == 1 else forward.reverse_complement()
    for position in (70, 150, 229):
        at = position if strand == 1 else len(forward) - 1 - position
        expected = str(own[at - before : at + after])
        assert np.array_equal(window(codes, position, strand, before, after), encode(expected))
        start, end = span(position, strand, before, after)
        assert end - start == before + after


@pytest.mark.parametrize(("position", "strand"), [(4, 1), (98, 1), (1, -1), (95, -1)])
def test_a_window_beyond_the_genome_is_refused(position, strand):
    codes = np.zeros(100, np.uint8)
    with pytest.raises(InputError, match=rf"A window of 5 \+ 3 bp at position {position + 1} reaches beyond .*1 to 100"):
        window(codes, position, strand, 5, 3)


@pytest.mark.parametrize(("position", "strand"), [(5, 1), (97, 1), (2, -1), (94, -1)])
def test_a_window_up_to_the_end_is_cut(position, strand):
    assert len(window(np.zeros(100, np.uint8), position, strand, 5, 3)) == 8


# Gene starts


@pytest.fixture(scope="module")
def genome():
    """The packaged record as Biopython itself reads it."""
    content = gzip.decompress(gene_starts.FILE.read_bytes()).decode("ascii")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BiopythonParserWarning)  # its header is of 1998
        return SeqIO.read(text_io.StringIO(content), "genbank")


@pytest.fixture(scope="module")
def genes(genome):
    """Coding sequences by the place and strand of their first base, counted from 1."""
    return {
        (int(f.location.start) + 1 if f.location.strand == 1 else int(f.location.end), f.location.strand): f
        for f in genome.features
        if f.type == "CDS" and len(f.location.parts) == 1
    }


@pytest.fixture(scope="module")
def starts():
    return gene_starts.make()


def place(id):
    """Gene, word, position counted from 1, and strand, of an id such as "gatC_start_1794(+)"."""
    head, sign = id[:-3], id[-2]
    gene, word, position = head.rsplit("_", 2)
    return gene, word, int(position), {"+": 1, "-": -1}[sign]


def spread(position, strand):
    """First and last base of a window, counted from 1."""
    return (position - BEFORE, position + AFTER - 1) if strand == 1 else (position - AFTER + 1, position + BEFORE)


def test_the_packaged_genome_is_whole(genome):
    assert len(genome.seq) == 1_042_519
    assert sum(f.type == "CDS" for f in genome.features) == 895
    assert not any("translation" in f.qualifiers for f in genome.features)


def test_counts(starts):
    # 895 coding sequences: 2 open at an end of the record, 1 joined of two parts
    assert starts.counts() == {"non_start": 855, "gene_start": 892}
    assert starts.classes == ("non_start", "gene_start")
    assert set(starts.lengths.tolist()) == {BEFORE + AFTER}
    assert [place(id)[1] for id in starts.ids] == ["start"] * 892 + ["inner"] * 855
    assert starts.labels.tolist() == [1] * 892 + [0] * 855


def test_every_window_is_the_slice_that_biopython_cuts(starts, genome):
    seen = Counter()
    for index, id in enumerate(starts.ids):
        _, word, position, strand = place(id)
        first, last = spread(position, strand)
        piece = genome.seq[first - 1 : last]
        assert starts.sequence(index) == str(piece if strand == 1 else piece.reverse_complement()), id
        seen[word, strand] += 1
    assert min(seen.values()) > 350  # both strands, both classes


def test_every_start_is_annotated_and_every_window_holds_a_start_codon(starts, genes, genome):
    for index, id in enumerate(starts.ids):
        gene, word, position, strand = place(id)
        codon = starts.sequence(index)[BEFORE : BEFORE + 3]
        assert codon in ("ATG", "GTG", "TTG")
        assert ((position, strand) in genes) == (word == "start")
        if word == "start":
            feature = genes[position, strand]
            assert feature.qualifiers["gene"] == [gene]
            assert str(feature.extract(genome.seq)[:3]) == codon


def test_non_starts_are_in_frame_inside_their_gene_and_one_a_gene(starts, genes):
    by_gene = {f.qualifiers["gene"][0]: f for f in genes.values()}
    inner = [place(id) for id in starts.ids if "_inner_" in id]
    assert len({gene for gene, *_ in inner}) == len(inner)
    for gene, _, position, strand in inner:
        location = by_gene[gene].location
        assert location.strand == strand
        offset = position - 1 - int(location.start) if strand == 1 else int(location.end) - position
        assert offset % 3 == 0
        assert BEFORE + AFTER <= offset < len(location)
        first, last = spread(position, strand)
        assert int(location.start) < first <= last <= int(location.end)


def test_inner_windows_share_no_base_with_a_start_window(starts, genome):
    covered = np.zeros(len(genome.seq) + 1, bool)
    spreads = [(place(id)[1], *spread(*place(id)[2:])) for id in starts.ids]
    for word, first, last in spreads:
        if word == "start":
            covered[first : last + 1] = True
    assert covered.sum() > 88_000
    assert not any(covered[first : last + 1].any() for word, first, last in spreads if word == "inner")


def test_the_codon_itself_tells_nothing(starts):
    codons = [starts.sequence(index)[BEFORE : BEFORE + 3] for index in range(len(starts))]
    shares = [
        {codon: count / labels.sum() for codon, count in Counter(c for c, one in zip(codons, labels, strict=True) if one).items()}
        for labels in (starts.labels == 1, starts.labels == 0)
    ]
    assert all(abs(shares[0][codon] - shares[1][codon]) < 0.001 for codon in ("ATG", "GTG", "TTG"))


def test_the_seed_draws_other_non_starts_and_the_same_starts(starts):
    other = gene_starts.make(seed=1)
    assert other.ids[:892] == starts.ids[:892]
    assert other.ids != starts.ids
    assert gene_starts.make(seed=1).fingerprint == other.fingerprint


def test_the_window_is_a_choice(starts):
    short = gene_starts.make(before=20, after=10)
    assert set(short.lengths.tolist()) == {30}
    assert all(short.sequence(i)[20:23] in gene_starts.STARTS for i in range(len(short)))
    at = {id: index for index, id in enumerate(starts.ids)}
    assert short.sequence(5) == starts.sequence(at[short.ids[5]])[40:70]
    with pytest.raises(SettingError, match="before = 60, after = 2: a window holds its codon"):
        gene_starts.make(after=2)


def test_choose_serves_those_with_the_fewest_kinds_first():
    def gene(name, kinds):
        return [gene_starts.Codon(name, number, 1, kind) for number, kind in enumerate(kinds)]

    candidates = [gene("free", ["ATG", "GTG"]) for _ in range(5)] + [gene("bound", ["GTG", "GTG"]) for _ in range(5)]
    for seed in range(5):
        chosen = gene_starts.choose(candidates, Counter(ATG=1, GTG=1), seed)
        assert [c.letters for c in chosen] == ["ATG"] * 5 + ["GTG"] * 5
