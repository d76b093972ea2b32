"""Training on a small made-up folder, and evaluation of what came out; the figures themselves need the real data."""

import csv
import gzip
import json
import re
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from classifier.measuring.evaluation import PublicFigures, evaluate
from classifier.model import Model, shipped_model
from classifier.own_letters import Part
from classifier.training.datasets import DataFolderError, part_of
from classifier.training.train import train

THINGS = ("bin", "gate", "lamp", "drain", "hedge", "kerb", "bench", "sign")
PLACES = ("Elm Rise", "Mill Lane", "Fore Street", "the park", "the market", "the bridge")
SOURCES = {
    "nhs_fft_v6": (0, "none", "The {} at {} was mended and the people were kind."),
    "banking77": (0, "none", "How do I report the {} at {} on a card?"),
    "convabuse": (1, "abuse", "You stupid {}, go and jump off {}."),
    "wiki_toxicity_test": (1, "abuse", "You idiot, I hope the {} at {} falls on you."),
    "welsh_cc0": (0, "none", "Mae'r {} ger {} wedi torri ers wythnos."),
    "goemotions_angry": (0, "unlabelled", "I hate the {} at {}."),
}


def _write_folder(folder: Path) -> None:
    rows = [
        {"text": text.format(thing, place), "label": label, "kind": kind, "source": source, "detail": ""}
        for source, (label, kind, text) in SOURCES.items()
        for thing in THINGS
        for place in PLACES
    ]
    numbered = [{**row, "cluster": number} for number, row in enumerate(rows)]
    parquet.write_table(pa.Table.from_pylist(numbered), folder / "dev.parquet")
    with gzip.open(folder / "identity_templates.csv.gz", "wt", newline="") as lines:
        csv.writer(lines).writerows(
            [("text", "label", "kind"), ("Ash is a kind deaf", 0, "x"), ("Ash is vile", 1, "x")]
        )
    council = [
        {"text": "You are a lazy idiot.", "abusive": True, "kind": "verbal_abuse", "note": "direct"},
        {"text": "Please mend the lamp at Mill Lane.", "abusive": False, "kind": "none", "note": "ordinary, short"},
    ]
    identity = [{"text": "I am a deaf tenant of yours.", "abusive": False, "group": "disability"}]
    _write_lines(folder / "council_examples.jsonl", council)
    _write_lines(folder / "identity_council.jsonl", identity)


def _write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    _write_folder(folder)
    return folder


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few of our own letters: those about hedges tell of homelessness, those about kerbs ask for information."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "concerns").mkdir()
    own = [
        {"text": f"You lazy fools, the {thing} is your fault.", "kind": "insult", "abusive": True, "aside": number == 0}
        for number, thing in enumerate(THINGS)
    ]
    _write_lines(folder / "letters.jsonl", own)
    claims = [_letter(place, "homelessness", f"We sleep under a hedge at {place} tonight.") for place in PLACES]
    claims += [_letter(place, "foi", f"What did the kerb at {place} cost, to the penny?") for place in PLACES]
    _write_lines(folder / "concerns" / "claims.jsonl", claims)
    innocent = [_letter(place, "foi", f"The kerb at {place} is broken.") for place in PLACES]
    innocent += [_letter(place, "homelessness", f"The hedge at {place} is high.") for place in PLACES]
    _write_lines(folder / "concerns" / "look_alikes.jsonl", innocent)
    return folder


def _letter(place: str, kind: str, own: str) -> dict[str, object]:
    return {
        "id": f"{kind} {place}",
        "own": own,
        "kind": kind,
        "form": "plain",
        "lang": "en",
        "kept": place == PLACES[0],
    }


@pytest.fixture(scope="module")
def weights(folder: Path, corpus: Path) -> Path:
    path = folder / "weights.zip"
    train(folder, path, 1, corpus=corpus)
    return path


def test_trains_the_same_bytes_twice(folder: Path, corpus: Path, weights: Path) -> None:
    again = folder / "again.zip"

    report = train(folder, again, 1, corpus=corpus)

    assert again.read_bytes() == weights.read_bytes()
    assert re.fullmatch(r"abuse-2026\.11-[0-9a-f]{8}", report.model_version)
    assert report.size == again.stat().st_size


def test_a_trained_model_tells_its_provenance(weights: Path) -> None:
    model = Model.load(weights)

    assert model.about["seed"] == 1
    assert set(model.about["data_sha256"]) >= {"dev.parquet", "identity_templates.csv.gz"}
    assert model.about["figures"]["public"]["council"]["texts"] == 2


def test_a_trained_model_parts_insults_from_requests(weights: Path) -> None:
    insult, request = Model.load(weights).assess(
        ["You are a lazy idiot, all of you.", "Please mend the gate at the park."]
    )

    assert insult.flagged
    assert not request.flagged


def test_a_trained_model_points_to_what_a_letter_claims(weights: Path) -> None:
    hedge, kerb, neither = Model.load(weights).assess(
        [
            "Good morning. We sleep under a hedge at the old mill tonight.",
            "What did the kerb at the old mill cost, to the penny?",
            "Is there a sign on the bridge?",
        ]
    )

    assert [concern.kind for concern in hedge.concerns] == ["homelessness"]
    assert [concern.kind for concern in kerb.concerns] == ["foi"]
    assert neither.concerns == ()


def test_evaluates_a_model_on_what_never_taught(folder: Path, weights: Path) -> None:
    report = evaluate(Model.load(weights), folder)

    assert report.public is not None
    assert report.public.council.auroc == 1.0
    assert {group.name for group in report.public.council_groups} == {"ordinary", "verbal_abuse (direct)"}
    assert json.loads(json.dumps(report.as_dict()))["model_version"] == report.model_version
    assert all(isinstance(cell, str) for row in report.rows() for cell in row)


def test_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match=r"dev\.parquet does not exist"):
        train(tmp_path, tmp_path / "weights.zip", 1)


def test_most_clusters_teach_and_some_are_kept_from_it() -> None:
    parts = [part_of(cluster) for cluster in range(5_000)]

    assert parts == [part_of(cluster) for cluster in range(5_000)]
    assert 0.76 < parts.count(Part.TEACH) / len(parts) < 0.84
    assert parts.count(Part.TEST) > 400
    assert parts.count(Part.CALIBRATE) > 400


@pytest.fixture
def measured(shared: Path) -> PublicFigures:
    return _evaluate_shipped(shared / "classifier")


@cache
def _evaluate_shipped(data: Path) -> PublicFigures:
    measured = evaluate(shipped_model(), data).public
    assert measured is not None
    return measured


@pytest.mark.shared
def test_the_shipped_model_ranks_council_mail_as_well_as_the_research_rows(measured: PublicFigures) -> None:
    assert measured.council.auroc >= 0.90
    assert measured.council.average_precision >= 0.88


@pytest.mark.shared
def test_the_shipped_model_spares_people_who_say_who_they_are(measured: PublicFigures) -> None:
    assert measured.identity_flagged <= 0.01
    assert measured.identity_largest_gap <= 0.01


@pytest.mark.shared
def test_the_shipped_model_is_calibrated_and_spares_welsh(measured: PublicFigures) -> None:
    assert measured.calibration_error <= 0.005
    assert measured.welsh_false_flags <= 0.015
