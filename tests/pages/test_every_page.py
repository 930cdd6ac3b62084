"""What holds for every page: an empty workspace, every kind of dataset, hostile addresses, no heavy library."""

import subprocess
import sys
from pathlib import Path

import pytest
from stories import PAGES, ROOT, generator, kept, labels, predictor, press, said, turn, zoo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed
from streamlit.testing.v1 import AppTest

from genomics import inspection
from genomics.samples import SAMPLES

STRAY = ("xyz", "../../etc", "..", ".", "/etc/passwd", "a" * 5000, "![x](http://x.y/z.png)", "nul\0l", "ü" * 300, "-", " ")


@pytest.mark.parametrize("page", ["train", "results", "generate", "runs"])
def test_an_empty_page_says_what_will_be_here_and_shows_one_way_forward(visit, page):
    app = visit(page)
    assert len(app.title) == 1
    (button,) = app.button
    assert "Nothing here yet" in said(app)
    press(app, button.label)
    assert app.title[0].value in ("Your sequences", "Train a network")


def test_start_without_anything_offers_samples_and_an_upload(visit):
    app = visit()
    assert labels(app) == ["Upload my own sequences"] + [f"Use {sample.title}" for sample in SAMPLES.values()]
    assert "Recent runs" not in said(app)
    assert press(app, "Upload my own sequences").title[0].value == "Your sequences"


@pytest.mark.parametrize("kind", list(zoo()))
def test_every_page_shows_every_kind_of_dataset(visit, own_workspace, kind):
    fingerprint = kept(own_workspace, zoo()[kind])
    app = visit("start", data=fingerprint)
    for page in PAGES:
        assert len(turn(app, page).title) == 1, page


@pytest.mark.parametrize("stray", STRAY)
def test_an_address_that_leads_nowhere_is_harmless(visit, own_workspace, stray):
    before = sorted(own_workspace.parent.rglob("*"))
    for page in PAGES[1:]:
        assert len(visit(page, data=stray, run=stray, job=stray).title) == 1, page
    assert [path for path in sorted(own_workspace.parent.rglob("*")) if path not in before] == [own_workspace]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
def test_a_damaged_run_breaks_no_page(visit, own_workspace, content):
    good = predictor(own_workspace, zoo()["two classes"])
    bad = own_workspace / "runs" / "20990101-000000000-cnn-beef"
    bad.mkdir()
    (bad / "run.json").write_bytes(content)
    for run in (bad, good):
        app = visit("start", run=run.name)
        for page in PAGES:
            assert len(turn(app, page).title) == 1, page


def test_a_click_on_a_download_does_not_run_the_page_anew(visit, own_workspace):
    dataset = zoo()["two classes"]
    made = (predictor(own_workspace, dataset), generator(own_workspace, dataset))
    buttons = [button for page in PAGES for run in made for button in visit(page, run=run.name).get("download_button")]
    assert len({button.label for button in buttons}) >= 4
    assert [button.label for button in buttons if not button.proto.ignore_rerun] == []


def test_the_ids_in_hand_stay_in_the_address_from_page_to_page(visit, own_workspace):
    dataset = zoo()["two classes"]
    run = predictor(own_workspace, dataset)
    app = visit("data", data=dataset.fingerprint, run=run.name)
    app.query_params.clear()  # as a click on the navigation does
    turn(app, "results")
    assert app.query_params == {"data": dataset.fingerprint, "run": run.name}
    assert app.metric


def test_a_deep_link_to_a_fresh_server_goes_through_the_shell():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    app.switch_page("pages/train.py").run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Train a network"]


def test_a_page_started_as_a_script_of_its_own_says_how_to_start():
    app = AppTest.from_file(ROOT / "pages" / "train.py", default_timeout=30).run()
    assert not app.exception
    assert "streamlit run app.py" in app.error[0].value


def test_no_page_loads_a_library_that_belongs_into_a_worker(own_workspace):
    dataset, unlabelled = zoo()["two classes"], zoo()["one class"]
    inspection.inspect(dataset, own_workspace)
    ids = [
        {"data": dataset.fingerprint, "run": predictor(own_workspace, dataset).name},
        {"data": unlabelled.fingerprint, "run": generator(own_workspace, unlabelled).name},
        {"data": kept(own_workspace, dataset)},
        {},
    ]
    code = f"""
import sys
from streamlit.testing.v1 import AppTest
from genomics import requests
requests.start = lambda folder: None
for ids in {ids!r}:
    for page in {PAGES!r}:
        app = AppTest.from_file({str(ROOT / "app.py")!r}, default_timeout=60)
        app.query_params.update(ids)
        app.switch_page(f"pages/{{page}}.py").run()
        assert not app.exception, (page, ids, app.exception)
        assert app.title, page
        for tab in ("Overview", "Composition", "Map", "Repeats", "Split", "Records") if page == "data" and ids else ():
            app.session_state["data_tabs"] = tab
            app.run()
            assert not app.exception, (tab, app.exception)
loaded = [name for name in ("keras", "tensorflow", "torch", "jax", "sklearn", "scipy") if name in sys.modules]
assert not loaded, loaded
print("done")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False, timeout=120)
    assert done.stdout == "done\n", done.stderr[-2000:]
    assert Path(own_workspace / "runs").is_dir()


def test_what_is_shown_is_sent_whole_and_never_by_a_name_that_the_browser_may_have_forgotten():
    shown = ForwardMsg()
    shown.delta.new_element.markdown.body = "A" * 10_000_000
    populate_hash_if_needed(shown)
    assert not shown.metadata.cacheable
