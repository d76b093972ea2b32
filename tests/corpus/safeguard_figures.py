"""Measures the safety net: `python -m tests.corpus.safeguard_figures [work|kept|all]` prints the tables of the docs.

The texts in `classifier/corpus/concerns` are plainly invented. Cues were fitted to some, and the model is taught on
some; on those kept, neither, and the `late` ones were written once the cues were finished. `work` also prints what of
the fitted ones goes wrong.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.model import shipped_model
from classifier.own_letters import CORPUS
from routing.safeguards import SafeguardKind, in_letter
from routing.teams import SAFETY
from routing.unnamed import unnamed

_ORDINARY = ("nhs_fft_phase1", "nhs_fft_v6", "banking77", "spamassassin_ham", "welsh_cc0")
_SAMPLE = 1500  # texts of a source, about
_HERE = Path(__file__).resolve().parent
_SHARED = Path(os.environ.get("MAILROOM_SHARED", _HERE.parents[2] / "shared"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A letter of a kind, or one that only looks like it."""

    id: str
    kind: SafeguardKind
    form: str
    lang: str
    own: str
    history: str
    kept: bool
    late: bool

    @property
    def found(self) -> frozenset[SafeguardKind]:
        whole = f"{self.own}\n\n{self.history}" if self.history else self.own
        return frozenset(item.kind for item in in_letter("", self.own, whole))


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @classmethod
    def counted(cls, hits: Iterable[bool]) -> "Share":
        each = tuple(hits)
        return cls(hits=sum(each), of=len(each))

    @property
    def rate(self) -> float:
        return self.hits / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.hits}/{self.of} ({self.rate:.0%})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """Of ordinary texts: how many raise anything by forms of words or by either, and any danger by either."""

    words: Share
    either: Share
    danger: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one kind: its letters found; its look-alikes, and everybody's, taken for it."""

    recall: Share
    false_alarms: Share
    astray: Share


def claims(*, kept: bool | None = None) -> tuple[Text, ...]:
    """The letters of every kind; of the half that is kept, of the other, or all."""
    return _texts("claims.jsonl", kept)


def oblique() -> tuple[Text, ...]:
    """Letters that hardly ever name a right, written apart by somebody who knew no cue; nothing is fitted to them."""
    return _texts("unseen.jsonl", None)


def oblique_look_alikes() -> tuple[Text, ...]:
    """Innocent letters near those."""
    return _texts("unseen_look_alikes.jsonl", None)


def look_alikes(*, kept: bool | None = None) -> tuple[Text, ...]:
    """Innocent letters that look like one."""
    return _texts("look_alikes.jsonl", kept)


def figures(kind: SafeguardKind, letters: Sequence[Text], innocent: Sequence[Text]) -> Figures:
    """How well one kind is found."""
    return Figures(
        recall=recall(text for text in letters if text.kind is kind),
        false_alarms=Share.counted(kind in text.found for text in innocent if text.kind is kind),
        astray=Share.counted(kind in text.found for text in innocent),
    )


def recall(letters: Iterable[Text]) -> Share:
    """How many letters are found to be what they are."""
    return Share.counted(text.kind in text.found for text in letters)


def false_alarms(innocent: Iterable[Text]) -> Share:
    """How many look-alikes are taken for anything at all."""
    return Share.counted(bool(text.found) for text in innocent)


def adjustments_and_hazards() -> tuple[Text, ...]:
    """Letters that ask for an adjustment or tell of a hazard, written by another hand; nothing is fitted to them."""
    return _texts("two_kinds_unseen.jsonl", None)


def read_by_both(texts: Sequence[Text]) -> list[frozenset[SafeguardKind]]:
    """What the forms of words or the shipped model find in each text."""
    assessments = shipped_model().assess([text.own for text in texts])
    return [
        text.found | {item.kind for item in unnamed(assessment, ())}
        for text, assessment in zip(texts, assessments, strict=True)
    ]


def found_by_both(texts: Sequence[Text]) -> tuple[Share, Share]:
    """In how many of the texts anything is found, and in how many the very kind they are of."""
    found = read_by_both(texts)
    kinds = Share.counted(text.kind in kinds for text, kinds in zip(texts, found, strict=True))
    return Share.counted(map(bool, found)), kinds


def council_examples(shared: Path) -> list[dict[str, object]]:
    """The letters to a council in that folder; raises FileNotFoundError where they are not."""
    lines = (shared / "classifier" / "council_examples.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def examples_figures(examples: Iterable[dict[str, object]]) -> tuple[Share, Share]:
    """How many that somebody marked as statutory or safeguarding are found; how many others raise anything."""
    marked: list[bool] = []
    others: list[bool] = []
    for example in examples:
        text = str(example["text"])
        of = marked if example["statutory"] or example["safeguarding"] else others
        named = in_letter("", text, text)
        of.append(bool(named or unnamed(shipped_model().assess_one(text), named)))
    return Share.counted(marked), Share.counted(others)


def ordinary_figures(shared: Path) -> dict[str, Raised]:
    """How much real mail and feedback, of which nobody is known to have claimed anything, raises anything; by source.

    Raises FileNotFoundError where it is not.
    """
    from pyarrow import parquet  # noqa: PLC0415 - only who measures needs it

    table = parquet.read_table(shared / "classifier" / "dev.parquet", columns=["text", "source"]).to_pylist()
    by_source = {name: [row["text"] for row in table if row["source"] == name] for name in _ORDINARY}
    sampled = {name: texts[:: max(1, len(texts) // _SAMPLE)] for name, texts in by_source.items()}
    return {name: _raised(texts) for name, texts in sampled.items()}


def _raised(texts: Sequence[str]) -> Raised:
    """How many texts raise anything: by forms of words, by either, and any danger by either."""
    named = [in_letter("", text, text) for text in texts]
    each = [
        {item.kind for item in (*found, *unnamed(assessment, found))}
        for found, assessment in zip(named, shipped_model().assess(texts), strict=True)
    ]
    return Raised(
        words=Share.counted(map(bool, named)),
        either=Share.counted(map(bool, each)),
        danger=Share.counted(bool(kinds & SAFETY) for kinds in each),
    )


def _texts(name: str, kept: bool | None) -> tuple[Text, ...]:  # noqa: FBT001 - a filter with three settings
    lines = (CORPUS / "concerns" / name).read_text(encoding="utf-8").splitlines()
    texts = (_text(json.loads(line)) for line in lines)
    return tuple(text for text in texts if kept is None or text.kept is kept)


def _text(data: dict[str, str | bool]) -> Text:
    words = {key: str(data[key]) for key in ("id", "form", "lang", "own", "history")}
    return Text(kind=SafeguardKind(str(data["kind"])), kept=bool(data["kept"]), late=bool(data["late"]), **words)


def _table(letters: Sequence[Text], innocent: Sequence[Text]) -> Iterator[str]:
    yield "| kind | recall | its look-alikes | all look-alikes |"
    yield "| --- | --- | --- | --- |"
    for kind in SafeguardKind:
        of = figures(kind, letters, innocent)
        yield f"| {kind} | {of.recall} | {of.false_alarms} | {of.astray} |"
    yield f"| every kind | {recall(letters)} | {false_alarms(innocent)} raise anything | |"
    late, early = ([text for text in letters if text.late is written] for written in (True, False))
    yield f"| written before the cues | {recall(early)} | | |"
    yield f"| written after them | {recall(late)} | | |"
    for lang in ("en", "cy"):
        in_it = recall(text for text in letters if text.lang == lang)
        raised = false_alarms(text for text in innocent if text.lang == lang)
        yield f"| in {lang} | {in_it} | {raised} raise anything | |"
    for form in sorted({text.form for text in letters}):
        yield f"| {form} | {recall(text for text in letters if text.form == form)} | | |"


def _wrong(letters: Sequence[Text], innocent: Sequence[Text]) -> Iterator[str]:
    for text in letters:
        if text.kind not in text.found:
            yield f"missed {text.id}: {text.own[-200:]!r}"
    for text in innocent:
        if text.found:
            yield f"false {text.id} {sorted(text.found)}: {text.own!r}"


def _both() -> Iterator[str]:
    """What the model adds to the words."""
    yield "| letters | by words, their kind | by either, anything | by either, their kind |"
    yield "| --- | --- | --- | --- |"
    apart, near = oblique(), oblique_look_alikes()
    sets = {
        "oblique, English": [text for text in apart if text.lang == "en"],
        "oblique, Welsh": [text for text in apart if text.lang == "cy"],
        "oblique, in danger": [text for text in apart if text.kind in SAFETY],
        "adjustments and hazards": adjustments_and_hazards(),
        "kept, all": claims(kept=True),
        "their look-alikes": look_alikes(kept=True),
        "look-alikes of oblique ones": near,
    }
    for name, texts in sets.items():
        anything, kinds = found_by_both(texts)
        yield f"| {name} | {recall(texts)} | {anything} | {kinds} |"


def _main(which: str) -> None:
    kept = {"work": False, "kept": True, "all": None}[which]
    letters, innocent = claims(kept=kept), look_alikes(kept=kept)
    print(*_table(letters, innocent), sep="\n")
    print(*_both(), sep="\n")
    if which == "work":
        print(*_wrong(letters, innocent), sep="\n")
    try:
        marked, others = examples_figures(council_examples(_SHARED))
    except FileNotFoundError:
        print("The shared examples are not here: set MAILROOM_SHARED to the folder that holds them.")
        return
    print(f"council examples: {marked} of those marked raise an item, {others} of the others")
    for source, raised in ordinary_figures(_SHARED).items():
        print(f"{source}: {raised.words} by words, {raised.either} by either, {raised.danger} danger")


if __name__ == "__main__":
    _main(sys.argv[1] if len(sys.argv) > 1 else "kept")
