"""`mailroom classifier card`: the model card and the facts of the Algorithmic Transparency Recording Standard.

All figures come from the weights file, as the training measured them; the prose lies beside it in `weights/card.txt`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any, Final

_PROSE: Final = Path(__file__).parents[1] / "weights" / "card.txt"


def card(about: Mapping[str, Any], *, council: str = "the council that uses it") -> str:
    """The card of the model whose weights file says `about` of itself, in Markdown. Raises KeyError without figures."""
    figures = about["figures"]
    own, public = figures["own"], figures["public"]
    facts = {
        "model_version": about["model_version"],
        "council": council,
        "seed": str(about["seed"]),
        "letters": f"{about['texts']:,}",
        "abusive": f"{about['abusive']:,}",
        "posts": f"{about['posts']['taught']:,}",
        "goals": _table(("measure", "figure", "goal"), _goals(own, public)),
        "kinds": _table(("kind", "letters", "AUROC", "flagged"), _kinds(own)),
        "groups": _table(("letters that are no abuse", "texts", "flagged"), _groups(own["innocent"])),
        "abuse": _table(("letters that are abuse", "texts", "flagged"), _groups(own["abuse"])),
        "identity": _table(("naming", "texts", "flagged"), _groups(own["identity"])),
        "languages": _table(("language", "texts", "not scored"), _groups(own["unscored"])),
        "further": _further(about),
        "concerns": _table(("what it tells of", "letters", "found"), _groups(own["concerns"])),
        "gates": _table(("gate", "figure", "bound"), _gates(figures["gates"])),
        "thresholds": _table(("head", "threshold"), _thresholds(about["scales"])),
        "hashes": _table(("file", "SHA-256"), ((name, f"`{digest}`") for name, digest in about["data_sha256"].items())),
    }
    return Template(_PROSE.read_text("utf-8")).substitute(facts)


def _further(about: Mapping[str, Any]) -> str:
    """A row more where a council's labels taught it: whose public figures are then those of the model it began with."""
    taught = about.get("taught_further")
    if taught is None:
        return ""
    labels = ", ".join(f"{count} {label}" for label, count in taught["by_label"].items())
    return (
        f"\n| taught further | by {taught['labels']} labels of {taught['reviewers']} reviewers ({labels}), beginning"
        f" with `{about['parent']}`, of which the figures on published data are. *Own letters* were measured anew |"
    )


def _goals(own: Mapping[str, Any], public: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    council, mix, english, welsh = public["council"], public["mix"], own["english"], own["welsh"]
    yield "council e-mails (60): AUROC / AP", _two(council["auroc"], council["average_precision"]), "≥ .90 / .88"
    yield "own letters apart, English: AUROC / AP", _two(english["auroc"], english["average_precision"]), "≥ .90 / .88"
    recalls = _two(english["recall_at_5_percent"], english["recall_at_10_percent"])
    yield "the same: recall at 5 % / 10 % false flags", recalls, "≥ .70 / .80"
    yield "the same: recall / false flags at the threshold", _two(english["recall"], english["false_flags"]), ""
    among = own["among"]
    found = _two(among["recall"], among["false_flags"])
    yield "the same between two ordinary sentences: recall / false flags", found, ""
    yield "own letters apart, Welsh: AUROC / AP", _two(welsh["auroc"], welsh["average_precision"]), ""
    yield "the same: recall / false flags at the threshold", _two(welsh["recall"], welsh["false_flags"]), ""
    identity = _two(public["identity_flagged"], public["identity_largest_gap"])
    yield "identity sentences (432): flagged / largest gap", identity, "≤ .01 / .01"
    recalls = _two(public["mix_recall_at_1_percent"], public["mix_recall_at_1_per_mille"])
    yield "council mix: AUROC", _one(mix["auroc"]), "≥ .98"
    yield "council mix: recall at 1 % / 0.1 % false flags", recalls, "≥ .77 / .45"
    for group in public["service_groups"]:
        goal = {"spamassassin_ham": "≤ .015"}.get(group["name"], "≤ .01")
        yield f"false flags: {group['name']} ({group['texts']})", _one(group["flagged"]), goal
    yield "false flags: ordinary Welsh", _one(public["welsh_false_flags"]), "≤ .005"
    calibrated = f"{public['calibration_error']:.4f} / {public['brier']:.4f}"
    yield "calibration error / Brier score at a 1 % base rate", calibrated, "≤ .005 / .0062"


def _kinds(own: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for kind in own["kinds"]:
        yield kind["kind"], str(kind["letters"]), _one(kind["auroc"]), _one(kind["flagged"])


def _groups(groups: list[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for group in groups:
        yield group["name"].replace("_", " "), str(group["texts"]), _one(group["flagged"])


def _gates(gates: list[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for gate in gates:
        yield gate["name"].replace("_", " "), _one(gate["figure"]), f"{'≤' if gate['at_most'] else '≥'} {gate['bound']}"


def _thresholds(scales: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, scale in scales.items():
        yield name, f"1/{1 / scale['threshold']:.0f}"


def _one(figure: float) -> str:
    return f"{figure:.3f}"


def _two(first: float, second: float) -> str:
    return f"{first:.3f} / {second:.3f}"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = (f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *rows))
    return "\n".join(lines)
