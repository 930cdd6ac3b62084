"""What a generator made, held against real sequences: verdict, scorecard, comparison, download."""

import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from genomics import io, markov, runs, scorecard, sequences, words
from genomics.errors import GenomicsError
from genomics.plots import composition, logo, style
from genomics.recipe import Recipe, divide, from_json
from genomics.scorecard import Flat
from genomics.sequences import BASES, Layout
from pages.ui import downloads, show, state

_WORD = 4
_LOGO = 80
_MINUTES = 10
_ROOT = Path(__file__).resolve().parents[2]


class Comparison(NamedTuple):
    """Held-out real, generated and Markov sequences, as what the charts need; logos and GC content without the last."""

    names: list[str]
    words: list[NDArray[np.float64]]
    gc: list[NDArray[np.float64]]
    logos: list[NDArray[np.float64]]


def results(folder: Path, recipe: Recipe, card: dict[str, Any]) -> None:
    """The verdict, the scorecard beside its yardsticks, the comparison, and the sequences."""
    st.header("Are they like real ones?", anchor=False)
    show.verdict(*words.card(card))
    st.dataframe(_rows(card), hide_index=True)
    st.caption(
        f"Against {card['held_out']:,} real sequences that training never saw; {card['generated']['n']:,} sequences in each row. "
        "Real sequences are the ceiling: no generator should be expected to be closer. Markov chains are the floor."
    )
    try:
        seen = comparison(str(state.root()), folder.name, _written(folder))
    except GenomicsError as error:
        show.problem(error)
        return
    one, two = st.columns(2)
    with one:
        st.markdown("**Words of four letters**")
        figure = composition.words(seen.words[0], {"generated": seen.words[1], "Markov 1": seen.words[2]}, seen.names)
        caption = "Each point is a word such as TATA; on the diagonal it is as common as in real sequences."
        show.chart(figure, key="words", height=360, alt="Word frequencies of generated against real sequences", caption=caption)
    with two:
        st.markdown("**GC content**")
        colours = {"real": style.REAL, "generated": style.MADE}
        figure = composition.histogram(dict(zip(colours, seen.gc, strict=True)), x="GC content", share=True, colours=colours)
        caption = "The two lines should lie on each other."
        show.chart(figure, key="gc_compare", height=360, alt="GC content of generated and real sequences", caption=caption)
    top = max(float(heights.sum(1).max(initial=0)) for heights in seen.logos) * 1.05
    real, made = seen.logos
    for title, heights in {"Real": real, "Generated": made, "Difference (generated minus real)": made - real}.items():
        st.markdown(f"**{title}**")
        show.chart(logo.figure(heights, y="Bits", top=top), key=f"logo_{title[:4]}", height=150, alt=f"Sequence logo: {title}")
    _sequences(folder, recipe)


@st.cache_data(max_entries=8, show_spinner="Comparing")
def comparison(workspace: str, run: str, written: int) -> Comparison:
    """What the charts of a finished generator show, from its own samples (of that time) and the test part of its dataset."""
    from_run = runs.find(Path(workspace), run)
    recipe = from_json(runs.asked(from_run))
    dataset = state.load(workspace, recipe.dataset)
    parts = divide(dataset, recipe)
    wanted = (
        np.ones(len(dataset), bool) if not recipe.only or dataset.labels is None else dataset.labels == dataset.classes.index(recipe.only)
    )
    real, train = (Flat(*dataset.flat(index[wanted[index]])) for index in (parts.test, parts.train))
    records, _ = io.read(from_run / "samples.fasta")
    made = Flat(records.codes, records.offsets)
    chain = Flat(*markov.sample(*train, 1, len(made), np.random.default_rng(recipe.seed)))
    names = ["".join(BASES[(word // 4**place) % 4] for place in reversed(range(_WORD))) for word in range(4**_WORD)]
    length = min(recipe.layout.length, _LOGO)

    def heights(flat: Flat) -> NDArray[np.float64]:
        return logo.information(sequences.position_frequencies(sequences.matrix(*flat, Layout(length, "left"))))

    return Comparison(
        names,
        [scorecard.word_frequencies(flat, _WORD) for flat in (real, made, chain)],
        [sequences.gc_content(*flat) for flat in (real, made)],
        [heights(flat) for flat in (real, made)],
    )


def _written(folder: Path) -> int:
    path = folder / "samples.fasta"
    return path.stat().st_mtime_ns if path.exists() else 0


def _rows(card: dict[str, Any]) -> list[dict[str, Any]]:
    names = {
        "real": "Real sequences (ceiling)",
        "markov_1": "Markov chain of order 1 (floor)",
        "markov_3": "Markov chain of order 3",
        "markov_5": "Markov chain of order 5",
    }
    rows = [("Generated", card["generated"]), *((names[name], row) for name, row in card["yardsticks"].items())]
    return [{"": name, **numbers(row)} for name, row in rows]


def numbers(row: dict[str, Any]) -> dict[str, str]:
    """A set of sequences held against real ones, as cells of a table; `row` is a `scorecard.Score` as JSON."""
    return {
        "4-letter divergence (bits)": f"{row['jsd']['4']:.4f}",
        "4-letter r": words.number(row["pearson"]["4"]),
        "6-letter r": words.number(row["pearson"]["6"]),
        "GC distance": words.number(row["gc_ks"]),
        "Position r": words.number(row["position_r"]),
        "Different": words.number(row["unique"], percent=True),
        "Copied": words.number(row["copied"], percent=True),
        "Nearest real": words.number(row["nearest"], percent=True),
    }


def _sequences(folder: Path, recipe: Recipe) -> None:
    st.header("The sequences", anchor=False)
    path = folder / "samples.fasta"
    records, _ = io.read(path)
    texts = [sequences.decode(records.codes[start:end]) for start, end in zip(records.offsets[:10], records.offsets[1:11], strict=False)]
    show.bases(texts, records.ids[:10])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        downloads.button(f"Download {len(records):,} sequences (FASTA)", path.read_bytes, f"{folder.name}.fasta", type="primary")
        count = st.number_input("Make more", 1, 100_000, 5000, key="more_count", width=160)
        seed = st.number_input("Seed", 0, 2**31 - 1, 1, key="more_seed", width=140)
        if st.button("Make them", icon=":material/auto_awesome:"):
            _more(folder, int(count), int(seed))
    made = st.session_state.get("_more")
    if made and made[0] == folder.name and made[1].exists():
        label = f"Download {made[1].stem.split('-')[1]} more (FASTA)"
        downloads.button(label, made[1].read_bytes, f"{folder.name}-{made[1].name}", key="download_more")


def _more(folder: Path, count: int, seed: int) -> None:
    """Draws in a process of its own, as all use of networks: the server never loads Keras."""
    path = folder / f"more-{count}-{seed}.fasta"
    options = {"-n": count, "--seed": seed, "-o": path.resolve(), "--workspace": state.root().resolve()}
    command = [sys.executable, "-m", "genomics", "generate", folder.name, *(str(part) for pair in options.items() for part in pair)]
    with st.spinner("Making them; this takes some seconds"):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60 * _MINUTES, check=False, cwd=_ROOT)
        except subprocess.TimeoutExpired:
            st.error(f"It took more than {_MINUTES} minutes and was ended. Make fewer at a time.", icon=":material/error:")
            return
    if done.returncode:
        st.error(show.literal(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "It did not work."), icon=":material/error:")
        return
    st.session_state["_more"] = (folder.name, path)
