"""How long it will take, in proportion to the work and from what this machine has shown; and how much memory."""

import pytest
from toys import gc_classes

from genomics import estimate, machine, recipe
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


def test_what_a_machine_has_shown_replaces_the_first_guess(tmp_path):
    asked = plan("cnn")
    guess = estimate.seconds(asked, 1, 1000, tmp_path)
    estimate.learn(asked, 1, 1000, share=0.25, took=50.0, root=tmp_path)
    learned = estimate.seconds(asked, 1, 1000, tmp_path)
    assert learned == pytest.approx(6 + 200)
    assert learned != guess
    assert estimate.seconds(asked, 1, 2000, tmp_path) == pytest.approx(6 + 400)
    estimate.learn(plan("rnn"), 1, 1000, share=1.0, took=3.0, root=tmp_path)
    assert estimate.seconds(asked, 1, 1000, tmp_path) == learned
    assert estimate.seconds(plan("rnn"), 1, 1000, tmp_path) == pytest.approx(9)


def test_a_run_too_short_to_tell_teaches_nothing(tmp_path):
    estimate.learn(plan("cnn"), 1, 1000, share=1.0, took=0.9, root=tmp_path)
    assert not (tmp_path / "speed.json").exists()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "about 5 seconds"),
        (8, "about 10 seconds"),
        (88, "about 90 seconds"),
        (90, "about 2 minutes"),
        (600, "about 10 minutes"),
        (5400, "about 1.5 hours"),
    ],
)
def test_time_in_words(seconds, words):
    assert estimate.in_words(seconds) == words


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
        estimate.limit()


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
