"""The built-in samples against what is known of them: the generator's own record, scikit-learn."""

from collections import Counter

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from genomics import io, samples, writing
from genomics.architectures import ARCHITECTURES
from genomics.errors import SettingError
from genomics.samples import planted, promoters, splice_sites
from genomics.sequences import decode, encode, gc_content


def rows(dataset):
    return dataset.codes.reshape(len(dataset), -1)


# What holds for every sample


def test_the_samples_come_in_the_order_of_the_page():
    assert list(samples.SAMPLES) == ["planted", "splice_sites", "promoters"]


@pytest.mark.parametrize("name", ["planted", "splice_sites", "promoters"])
def test_a_sample_loads_quickly_tells_its_story_and_is_the_same_each_time(name):
    sample = samples.SAMPLES[name]
    dataset = samples.load(name)

    assert sample.architecture in ARCHITECTURES
    assert all(text.endswith(".") for text in (sample.story, sample.source, sample.learns, sample.expect))
    assert sample.records == len(dataset)
    assert set(dataset.lengths.tolist()) == {sample.length}
    assert samples.known_sites(dataset.fingerprint) == sample.known
    assert samples.known_sites(dataset.fingerprint[::-1]) == ()
    assert sample.name == name
    assert dataset.name == sample.title
    assert dataset.codes.max() <= 3
    assert len(set(dataset.ids)) == len(dataset)
    assert min(dataset.counts().values()) > (0.45 if dataset.task == "binary" else 0.2) * len(dataset)
    assert dataset.fingerprint == samples.load(name).fingerprint


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(SettingError) as error:
        samples.load("promoter")
    assert str(error.value) == 'There is no sample "promoter". Samples: planted, splice_sites, promoters.'


@pytest.mark.parametrize("name", ["planted", "splice_sites", "promoters"])
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
    labels, sites = planted.simulate().labels, planted.sites()
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
def test_base_composition_does_not_tell_the_classes_apart(seed):
    dataset = planted.simulate(seed=seed)
    auroc = roc_auc_score(dataset.labels, gc_content(dataset.codes, dataset.offsets))
    assert 0.45 < auroc < 0.55  # the standard error is 0.013
    for base in range(4):
        assert 0.45 < roc_auc_score(dataset.labels, (rows(dataset) == base).sum(1)) < 0.55


def test_who_knows_the_motif_tells_the_classes_apart():
    dataset = planted.simulate()
    scores = np.log(planted.MOTIFS["AP-1"].matrix / 0.25)
    width = len(scores)
    windows = np.lib.stride_tricks.sliding_window_view(rows(dataset), width, axis=1)
    best = scores[np.arange(width), windows].sum(2).max(1)
    assert roc_auc_score(dataset.labels, best) > 0.95


def test_parameters_of_the_simulation():
    dataset = planted.simulate(7, 40)
    assert dataset.counts() == {"background": 4, "bound": 3}
    assert set(dataset.lengths.tolist()) == {40}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"n": 1}, "n = 1 is too few"),
        ({"length": 29}, "length = 29 is too short"),
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


# Splice sites


def test_splice_sites_whole_are_one_of_each_family_with_the_boundary_in_the_middle():
    dataset = splice_sites.make(60)
    assert dataset.counts() == {"acceptor": 536, "donor": 544, "neither": 1577}
    assert len(set(dataset.families.tolist())) == len(dataset) == 2657
    pairs = {name: Counter() for name in dataset.classes}
    for row, label in zip(rows(dataset), dataset.labels, strict=True):
        pairs[dataset.classes[label]][decode(row[28:30]), decode(row[30:32])] += 1
    share = {
        name: sum(n for (before, after), n in seen.items() if (after == "GT" if name == "donor" else before == "AG")) / seen.total()
        for name, seen in pairs.items()
    }
    assert share["donor"] > 0.98
    assert share["acceptor"] > 0.98
    assert share["neither"] < 0.12


def test_a_splice_window_is_a_piece_of_its_record_and_its_place_is_drawn():
    whole, cut = splice_sites.make(60), splice_sites.make()
    places = [whole.sequence(number).find(cut.sequence(number)) for number in range(len(whole))]
    assert Counter(places).keys() == set(range(21))
    assert max(Counter(places).values()) < 2 * len(places) / 21
    assert cut.ids == whole.ids
    assert np.array_equal(cut.labels, whole.labels)
    assert splice_sites.make(seed=1).fingerprint != cut.fingerprint
