"""`mailroom classifier card`: the model card and the facts of the Algorithmic Transparency Recording Standard.

All figures come from the weights file, as the training measured them; the prose lies beside it in `weights/card.txt`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
        "goals": _table(("measure", "figure", "goal", "met"), (goal.row() for goal in _goals(own, public))),
        "bands": _table(("score", "share of mail", "stated", "found"), _bands(public["bands"])),
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


@dataclass(frozen=True, slots=True)
class _Goal:
    """What was measured, and what was aimed at: at least, or at most, or without bounds no goal."""

    name: str
    figures: tuple[float, ...]
    bounds: tuple[float, ...] = ()
    at_most: bool = False
    digits: int = 3

    def row(self) -> tuple[str, ...]:
        shown = " / ".join(f"{figure:.{self.digits}f}" for figure in self.figures)
        if not self.bounds:
            return self.name, shown, "", ""
        asked = f"{'≤' if self.at_most else '≥'} {' / '.join(f'{bound:g}' for bound in self.bounds)}"
        return self.name, shown, asked, "yes" if all(map(self._met, self.figures, self.bounds)) else "no"

    def _met(self, figure: float, bound: float) -> bool:
        return figure <= bound if self.at_most else figure >= bound


def _goals(own: Mapping[str, Any], public: Mapping[str, Any]) -> Iterator[_Goal]:
    council, mix, english, welsh, among = public["council"], public["mix"], own["english"], own["welsh"], own["among"]
    yield _Goal("council e-mails (60): AUROC / AP", _of(council, "auroc", "average_precision"), (0.90, 0.88))
    yield _Goal("own letters apart, English: AUROC / AP", _of(english, "auroc", "average_precision"), (0.90, 0.88))
    recalls = _of(english, "recall_at_5_percent", "recall_at_10_percent")
    yield _Goal("the same: recall at 5 % / 10 % false flags", recalls, (0.70, 0.80))
    yield _Goal("the same: recall / false flags at the threshold", _of(english, "recall", "false_flags"))
    found = _of(among, "recall", "false_flags")
    yield _Goal("the same between two ordinary sentences: recall / false flags", found)
    yield _Goal("long letters of ordinary sentences: flagged", (own["long_flagged"],))
    yield _Goal("own letters apart, Welsh: AUROC / AP", _of(welsh, "auroc", "average_precision"))
    yield _Goal("the same: recall / false flags at the threshold", _of(welsh, "recall", "false_flags"))
    identity = _of(public, "identity_flagged", "identity_largest_gap")
    yield _Goal("identity sentences (432): flagged / largest gap", identity, (0.01, 0.01), at_most=True)
    yield _Goal("council mix: AUROC", (mix["auroc"],), (0.98,))
    recalls = _of(public, "mix_recall_at_1_percent", "mix_recall_at_1_per_mille")
    yield _Goal("council mix: recall at 1 % / 0.1 % false flags", recalls, (0.77, 0.45))
    for group in public["service_groups"]:
        most = 0.015 if group["name"] == "spamassassin_ham" else 0.01
        yield _Goal(f"false flags: {group['name']} ({group['texts']})", (group["flagged"],), (most,), at_most=True)
    yield _Goal("false flags: ordinary Welsh", (public["welsh_false_flags"],), (0.005,), at_most=True)
    calibrated = _of(public, "calibration_error", "brier")
    yield _Goal(
        "calibration error / Brier score at a 1 % base rate", calibrated, (0.005, 0.0062), at_most=True, digits=4
    )


def _of(figures: Mapping[str, Any], *names: str) -> tuple[float, ...]:
    return tuple(figures[name] for name in names)


def _bands(bands: list[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for band in bands:
        yield (
            f"{band['low']:g} to {band['high']:g}",
            f"{band['share']:.2%}",
            f"{band['stated']:.2%}",
            f"{band['found']:.2%}",
        )


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


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *rows))
    return "\n".join(lines)
