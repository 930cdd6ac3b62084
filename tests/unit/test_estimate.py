"""How long it will take, from what this machine has shown; and how much memory."""

import time

import pytest
from toys import gc_classes, run_of

from genomics import disk, estimate, machine, recipe, runs
from genomics.architectures import ARCHITECTURES
from genomics.errors import SettingError
from genomics.generators import GENERATORS

TOY = gc_classes(20)


def plan(name: str, **settings):
    return recipe.plan(TOY, name, settings=settings)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_work_of_a_predictor_grows_with_records_and_epochs(name):
    once = estimate.work(plan(name, epochs=1), 1, 100)
    assert once > 0
    assert estimate.work(plan(name, epochs=7), 1, 100) == 7 * once
    assert estimate.work(plan(name, epochs=1), 1, 300) == 3 * once


@pytest.mark.parametrize("name", GENERATORS)
def test_the_work_of_a_generator_grows_with_iterations_and_batches_alone(name):
    once = estimate.work(plan(name, iterations=1, batch_size=8), 1, 100)
    assert once > 0
    assert estimate.work(plan(name, iterations=50, batch_size=8), 1, 999) == 50 * once
    assert estimate.work(plan(name, iterations=1, batch_size=16), 1, 100) == 2 * once


class Machine:
    """A workspace on a machine that takes `start` seconds for each run, and `step` and `operation` for each of these."""

    def __init__(self, root, start, step=0.0, operation=0.0):
        self.root, self.start, self.step, self.operation = root, start, step, operation
        (root / "queue").mkdir(parents=True)
        (root / "queue" / "spare.json").write_text('{"pid": 1}')  # the libraries are loaded

    def training(self, asked, records):
        if asked.kind == "generator":
            return asked.config.iterations * self.step + self.operation * estimate.work(asked, 1, records)
        steps = asked.fit.epochs * -(-records // asked.fit.batch_size)
        return steps * self.step + self.operation * estimate.work(asked, 1, records)

    def takes(self, asked, records):
        return self.start + self.training(asked, records)

    def run(self, asked, records, *, share=1.0, **more):
        """Has a run carried out, or a share of its epochs, and remembered."""
        folder = run_of(self.root, TOY, asked.architecture)
        units = round(share * (asked.config.iterations if asked.kind == "generator" else asked.fit.epochs))
        unit = self.training(asked, records) * share / units
        begun = time.time() - self.start - units * unit
        log = runs.Log(folder)
        log.write("state", state="starting", time=begun, cores=more.get("cores", 0))
        log.write("process", warm=True)
        for number in range(1, units + 1):
            kind = {"type": "step", "at": number} if asked.kind == "generator" else {"type": "epoch", "epoch": number}
            log.write(kind.pop("type"), **kind, time=begun + 0.7 * self.start + number * unit)
        if more.get("resumed"):
            log.write("state", state="starting", time=time.time())
        log.close()
        if more.get("stopped"):
            runs.request_stop(folder, "finish")
        estimate.learn(asked, TOY, records, folder)
        return folder

    def says(self, *asked, records, together=1):
        return estimate.seconds(asked, TOY, records, self.root, together)

    def off(self, asked, records):
        """By which factor the middle of the range misses the truth."""
        low, high, _ = self.says(asked, records=records)
        return (low * high) ** 0.5 / self.takes(asked, records)


SMALL, LARGE = plan("cnn", epochs=4, patience=0), plan("cnn", epochs=40, patience=0, filters=256)


@pytest.mark.parametrize(("start", "operation"), [(5.0, 4.7e-12), (1.25, 1.9e-11)])
def test_overhead_and_throughput_of_a_machine_are_recovered_apart(start, operation, tmp_path):
    """Twice as slow to start as guessed and twice as fast at each operation, or the reverse: runs of any size are met within 20 %."""
    here = Machine(tmp_path / "w", start=start, step=2.4e-3, operation=operation)
    for asked, records in ((SMALL, 200), (plan("cnn", epochs=30, batch_size=8, patience=0), 2000), (LARGE, 4000), (SMALL, 30_000)) * 2:
        here.run(asked, records)
    for asked in (SMALL, LARGE, plan("cnn", epochs=10, batch_size=4, filters=16, patience=0)):
        for records in (100, 5_000, 200_000):
            assert here.off(asked, records) == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("slow", [0.4, 1.0, 2.5])
@pytest.mark.parametrize(
    ("earlier", "later"),
    [((SMALL, 300), (LARGE, 3000)), ((LARGE, 3000), (SMALL, 300)), ((plan("cnn", epochs=20, batch_size=8), 500), (LARGE, 8000))],
    ids=["large after small", "small after large", "another batch size"],
)
def test_one_run_tells_of_a_much_larger_or_smaller_one(slow, earlier, later, tmp_path):
    here = Machine(tmp_path / "w", start=3.0 * slow, step=5e-3 * slow, operation=8e-12 * slow)
    before = here.says(later[0], records=later[1])
    here.run(*earlier)
    assert 0.5 < here.off(*later) < 2
    after = here.says(later[0], records=later[1])
    assert after[1] / after[0] < before[1] / before[0]


def test_a_run_of_five_seconds_does_not_make_one_of_ten_into_minutes(tmp_path):
    """The start of a short run is nearly all of it, and says nothing of the rest."""
    here = Machine(tmp_path / "w", start=4.5, step=2e-3)
    tiny, usual = plan("cnn", epochs=40, batch_size=16), plan("cnn", epochs=20, patience=0, batch_size=64)
    here.run(tiny, 74)
    low, high, _ = here.says(usual, records=1400)
    assert low < here.takes(usual, 1400) < high < 30


def test_a_generator_is_learned_from_by_its_iterations(tmp_path):
    here = Machine(tmp_path / "w", start=8.0, step=0.02, operation=3e-11)
    few, many = (plan("wgan_gp", iterations=number, channels=channels) for number, channels in ((50, 16), (2000, 64)))
    here.run(few, 20)
    assert 0.5 < here.off(many, 20) < 2


def test_what_one_architecture_shows_of_a_slow_machine_is_believed_of_others_in_part(tmp_path):
    here = Machine(tmp_path / "w", start=30.0, step=5e-2, operation=1e-10)  # ten times slower than guessed
    low, high, _ = here.says(plan("rnn"), records=2000)
    here.run(LARGE, 3000)
    assert here.says(plan("rnn"), records=2000)[0] > 2 * low
    assert here.says(plan("rnn"), records=2000)[1] > 2 * high


def test_the_range_grows_narrower_with_runs_alike_and_never_to_nothing(tmp_path):
    here = Machine(tmp_path / "w", start=3.0, step=5e-3)
    widths = []
    for _ in range(8):
        low, high, _ = here.says(SMALL, records=500)
        widths.append(high / low)
        here.run(SMALL, 500)
    assert widths == sorted(widths, reverse=True)
    assert 1.5 < widths[-1] < 2.5 < 4 < widths[0]


def test_loading_the_libraries_counts_once_and_not_where_a_process_holds_them(tmp_path):
    here = Machine(tmp_path / "w", start=3.0)
    warm = here.says(SMALL, records=500), here.says(SMALL, SMALL, SMALL, records=500)
    (here.root / "queue" / "spare.json").unlink()
    cold = here.says(SMALL, records=500), here.says(SMALL, SMALL, SMALL, records=500)
    added = [(after[0] * after[1]) ** 0.5 - (before[0] * before[1]) ** 0.5 for before, after in zip(warm, cold, strict=True)]
    assert added[0] == pytest.approx(added[1], rel=0.3)
    assert added[0] > 1


def test_early_stopping_is_foreseen_from_the_runs_that_stopped(tmp_path):
    here = Machine(tmp_path / "w", start=1.0, step=1e-2)
    asked, never = (plan("cnn", epochs=100, patience=patience) for patience in (10, 0))
    shorter, longer = (here.takes(plan("cnn", epochs=epochs), 1000) for epochs in (20, 40))
    for share in (0.2, 0.3, 0.25):
        here.run(asked, 1000, share=share)
        _, high, most = here.says(asked, records=1000)
        assert high == most  # three runs are too few
    here.run(asked, 1000, share=0.22, stopped=True)
    _, high, most = here.says(asked, records=1000)
    assert high == most  # somebody ended it
    here.run(asked, 1000, share=0.4)
    low, high, most = here.says(asked, records=1000)
    assert 0.6 * shorter < low < shorter
    assert longer < high < 1.7 * longer
    assert most == here.says(never, records=1000)[1] > here.takes(asked, 1000)


@pytest.mark.parametrize("more", [{"resumed": True}, {"cores": 1}], ids=str)
def test_nothing_is_learned_from_a_resumed_run_or_one_with_a_share_of_the_cores(more, tmp_path):
    here = Machine(tmp_path / "w", start=100.0, step=1.0)
    here.run(SMALL, 500, **more)
    assert not (here.root / "speed.json").exists()


@pytest.mark.parametrize(
    "content",
    [
        '{"cnn": 2.8e10, "rnn": 8e9}',
        '{"rows": [["cnn", [1, 2',
        "[]",
        "null",
        '{"rows": 3}',
        '{"rows": [["cnn", [1, 2], 3.0, 0.0]]}',
        "\xff",
    ],
)
def test_a_speed_file_of_before_or_a_damaged_one_is_passed_over_and_replaced(content, tmp_path):
    here = Machine(tmp_path / "w", start=60.0)
    fresh = here.says(SMALL, records=500)
    (here.root / "speed.json").write_text(content, "latin-1")
    assert here.says(SMALL, records=500) == fresh
    here.run(SMALL, 500)
    assert here.says(SMALL, records=500)[0] > 2 * fresh[0]


@pytest.mark.parametrize("row", [[1e3, 0.0], [-1.0, 0.0], [None, 0.0], [5.0, -1.0], ["5", 0.0]], ids=str)
def test_rows_that_cannot_be_are_passed_over(row, tmp_path):
    here = Machine(tmp_path / "w", start=1.0)
    fresh = here.says(SMALL, records=500)
    disk.write_json(here.root / "speed.json", {"rows": [["cnn", [1.0, 10.0, 1e9, 0.0, 20.0, 480.0], *row]]})
    assert (here.says(SMALL, records=500) == fresh) is (row[0] != 1e3)


def test_of_each_architecture_the_last_eight_runs_are_kept(tmp_path):
    here = Machine(tmp_path / "w", start=2.0, step=1e-2)
    here.run(plan("rnn", epochs=3), 500)
    for _ in range(11):
        here.run(SMALL, 500)
    names = [row[0] for row in disk.read_json(here.root / "speed.json")["rows"]]
    assert names == ["rnn"] * 2 + ["cnn"] * 16


def test_two_at_a_time_take_less_than_one_after_the_other_and_more_than_half(tmp_path):
    here = Machine(tmp_path / "w", start=2.0, step=1e-2, operation=1e-11)
    several = [LARGE, plan("rnn"), LARGE, plan("rnn")]
    (low, high, _), (lower, higher, _) = here.says(*several, records=2000), here.says(*several, records=2000, together=2)
    assert low / 2 < lower < low
    assert high / 2 < higher < high
    alone = here.says(LARGE, records=2000), here.says(plan("rnn"), records=2000)
    assert low == pytest.approx(2 * sum(one[0] for one in alone))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.3, 3, "about 5 seconds"),
        (4, 9, "5 to 10 seconds"),
        (17.4, 41, "15 to 40 seconds"),
        (52, 118, "50 to 120 seconds"),
        (50, 125, "1 to 2 minutes"),
        (130, 260, "2 to 4.5 minutes"),
        (600, 603, "about 10 minutes"),
        (795, 1610, "13 to 25 minutes"),
        (1500, 3100, "25 to 50 minutes"),
        (540, 2340, "9 to 40 minutes"),
        (4000, 7300, "1 to 2 hours"),
        (90_000, 200_000, "25 to 60 hours"),
    ],
)
def test_a_range_in_words(low, high, words):
    assert estimate.in_words(low, high) == words


@pytest.fixture
def gigabytes(monkeypatch):
    """Says how much memory there is."""
    return lambda number: monkeypatch.setenv("GENOMICS_MEMORY", str(number))


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_memory_grows_with_batch_and_records_and_is_a_program_at_least(name, gigabytes):
    gigabytes(64)
    small = estimate.memory(plan(name, batch_size=16), 1, 1000)
    one = estimate.memory(plan(name, batch_size=17), 1, 1000) - small
    assert small > 5e8
    assert one > 0
    assert estimate.memory(plan(name, batch_size=48), 1, 1000) == pytest.approx(small + 32 * one)
    assert estimate.memory(plan(name, batch_size=16), 1, 2000) > small


def test_a_batch_is_taken_apart_where_it_needs_too_much(gigabytes):
    asked = recipe.plan(TOY, "cnn", settings={"batch_size": 100, "pool_size": 1, "layers": 2, "filters": 512}, length=5_000)
    for there, micro in ((64, 13), (4, 7), (1, 2), (0.1, 1)):  # one takes 82 MB
        gigabytes(there)
        assert estimate.micro_batch(asked, 1, 1000) == micro
    assert estimate.micro_batch(plan("cnn", batch_size=100), 1, 1000) == 100
    assert estimate.micro_batch(plan("cnn", batch_size=100), 1, 30) == 30


def test_what_cannot_be_trained_here_is_refused_with_what_to_lower(gigabytes):
    long = recipe.plan(TOY, "cnn", settings={"pool_size": 1, "head": "global_max"}, length=1_000_000)
    wide = recipe.plan(TOY, "cnn", settings={"pool_size": 1, "head": "flatten", "dense": 1024}, length=20_000)
    gigabytes(64)
    estimate.check_memory(long, 1, 100)
    gigabytes(2)
    with pytest.raises(SettingError, match=r"cnn would take 2\.\d GB of memory here, and 2\.0 GB are free\. Each sequence of 1,000,000 bp"):
        estimate.check_memory(long, 1, 100)
    with pytest.raises(SettingError, match=r"numbers to learn: choose fewer units"):
        estimate.check_memory(wide, 1, 100)
    estimate.check_memory(plan("cnn"), 1, 100)


@pytest.mark.parametrize("text", ["much", "0", "-1", "nan", "inf"])
def test_a_wrong_amount_of_memory_is_refused_in_words(text, gigabytes):
    gigabytes(text)
    with pytest.raises(SettingError, match="number of gigabytes above 0"):
        machine.free()


FILES = {
    "/proc/meminfo": "MemTotal:       8000000 kB\nMemFree: 1 kB\nMemAvailable:   5000000 kB\n",
    "/sys/fs/cgroup/memory.max": "4000000000\n",
    "/sys/fs/cgroup/memory.current": "3000000000\n",
    "/sys/fs/cgroup/memory.stat": "anon 5\ninactive_file 2500000000\n",
}


@pytest.mark.parametrize(
    ("without", "whole", "free"),
    [
        ("", 4e9, 3.5e9),  # a container's limit, less what is used, but for files that can be let go
        ("/sys/fs/cgroup/memory.max", 8.192e9, 5.12e9),
        ("/sys/fs/cgroup/memory.stat", 4e9, 1e9),
    ],
)
def test_memory_is_what_the_machine_has_or_the_container_may(without, whole, free, monkeypatch):
    monkeypatch.delenv("GENOMICS_MEMORY", raising=False)
    monkeypatch.setattr(machine, "_text", lambda path: "" if path == without else FILES.get(path, ""))
    assert machine.whole() == whole
    assert machine.free() == pytest.approx(0.9 * free)


def test_a_container_without_a_limit_may_take_what_the_machine_has(monkeypatch):
    monkeypatch.delenv("GENOMICS_MEMORY", raising=False)
    monkeypatch.setattr(machine, "_text", lambda path: (FILES | {"/sys/fs/cgroup/memory.max": "max"}).get(path, ""))
    assert machine.free() == pytest.approx(0.9 * 5.12e9)


def test_memory_is_said_in_the_fitting_unit():
    assert [estimate.size_in_words(size) for size in (1, 5.4e8, 1.26e9)] == ["1 MB", "540 MB", "1.3 GB"]
