"""`classifier`: training, measuring and using the possible-abuse model; its scores are advice to reviewers."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.printing import printable
from cli.session import Exit, failure, opened, session_of

if TYPE_CHECKING:
    from classifier.model import Model

classifier = typer.Typer(help="The possible-abuse model: advice to reviewers, never an action.", no_args_is_help=True)

Eml = Annotated[bool, typer.Option("--eml", help="Standard input is one raw message, not JSON lines.")]
Data = Annotated[Path, typer.Argument(help="The folder of training data; see classifier/weights/README.md.")]
Weights = Annotated[
    str | None,
    typer.Option("--model", help="A weights file, a version made here, or in-force. The shipped weights by default."),
]
IN_FORCE = "in-force"
_LINE = '{"text": "..."}'


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(classifier, name="classifier")


@classifier.command("train")
def train_model(
    context: typer.Context,
    data: Data,
    out: Annotated[Path, typer.Option(help="Where to write the weights.")] = Path("abuse.zip"),
    seed: Annotated[int, typer.Option(help="Equal seeds and data give equal weights.")] = 7,
) -> None:
    """Train a model and write its weights. Needs the `training` extra."""
    try:
        from classifier.training.train import train
    except ImportError as error:
        raise failure(_missing(error), Exit.USAGE) from None
    from classifier.training.datasets import DataFolderError

    try:
        report = train(data, out, seed)
    except DataFolderError as error:
        raise failure(str(error), Exit.USAGE) from None
    from dataclasses import asdict

    session_of(context).print(asdict(report), title=f"Wrote {out}")


@classifier.command("evaluate")
def evaluate_model(
    context: typer.Context,
    data: Annotated[
        Path | None, typer.Argument(help="The folder of training data; without it, on our own letters only.")
    ] = None,
    model: Weights = None,
) -> None:
    """Measure a model on what it was not trained on, and print every figure and gate. Needs the `training` extra."""
    try:
        from classifier.measuring.evaluation import evaluate
    except ImportError as error:
        raise failure(_missing(error), Exit.USAGE) from None
    from classifier.training.datasets import DataFolderError

    chosen = model_of(context, model)
    try:
        report = evaluate(chosen, data)
    except DataFolderError as error:
        raise failure(str(error), Exit.USAGE) from None
    session = session_of(context)
    figures = report.as_dict() if session.as_json else dict(report.rows())
    session.print(figures, title=f"Model {chosen.version}, threshold {chosen.threshold:.4f}")


@classifier.command("score")
def score_texts(context: typer.Context, model: Weights = None, eml: Eml = False) -> None:
    """Score texts: JSON lines {"text": ...} on standard input, one JSON line each on standard output.

    A line that is none is answered by {"error": ...}; the others are scored, and the command ends with 2.
    """
    chosen, wrong = model_of(context, model), 0
    for letter in _letters(eml=eml):
        if isinstance(letter, str):
            wrong += 1
        answer = {"error": letter} if isinstance(letter, str) else _answer(chosen, letter)
        typer.echo(printable(json.dumps(answer, ensure_ascii=False)))
    if wrong:
        words = f"{wrong} of the lines on standard input are not {_LINE}: each is answered by what is wrong with it"
        raise failure(words, Exit.USAGE)


@classifier.command("explain")
def explain_text(context: typer.Context, model: Weights = None, eml: Eml = False) -> None:
    """Tell what the score of each text on standard input rests on, sentence by sentence; as `score` reads them."""
    chosen = model_of(context, model)
    session = session_of(context)
    for letter in _letters(eml=eml):
        if isinstance(letter, str):
            raise failure(letter, Exit.USAGE)
        found = chosen.explain(letter.own)
        rows = [{"without it": f"{part.without:.1%}", "sentence": printable(part.sentence)} for part in found.parts]
        words = f"; words that mattered: {', '.join(found.words)}" if found.words else ""
        title = printable(f"Possible abuse: {found.score:.1%}{words}")
        session.print(rows, title=title, columns=("without it", "sentence"))


@classifier.command("card")
def show_card(context: typer.Context, model: Weights = None) -> None:
    """Print the model card of a model, in Markdown, with the facts for the Algorithmic Transparency record."""
    from classifier.measuring.card import card

    about = model_of(context, model).about
    if "figures" not in about:
        unmeasured = "these weights hold no figures"
        raise failure(unmeasured, Exit.USAGE)
    typer.echo(card(about), nl=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """What is to be judged: the sender's `own` words, and with them the whole with its subject, for the safety net."""

    own: str
    subject: str = ""
    whole: str = ""


def _letters(*, eml: bool) -> Iterator[_Letter | str]:
    """Each letter on standard input, or in words why a line is none."""
    if eml:
        from ingest.parse import read

        message = read(sys.stdin.buffer.read(), whole=True)
        yield _Letter(own=message.new_words, subject=message.subject, whole=message.text)
        return
    for number, line in enumerate(sys.stdin.buffer, start=1):
        words = line.decode("utf-8-sig", "replace").strip()
        if words:
            yield _line(words) or f"line {number} of standard input is not {_LINE}"


def _line(words: str) -> _Letter | None:
    try:
        text = json.loads(words)["text"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    if not isinstance(text, str):
        return None
    from classifier.normalise import own_text, readable

    text = readable(text)
    return _Letter(own=own_text(text), whole=text)


def _answer(model: "Model", letter: _Letter) -> dict[str, Any]:
    from routing.safeguards import in_letter
    from routing.teams import SAFETY
    from routing.unnamed import unnamed

    found = model.assess_one(letter.own)
    named = in_letter(letter.subject, letter.own, letter.whole)
    kinds = [item.kind for item in (*named, *unnamed(found, named))]
    return {
        "score": found.score,
        "flag": found.flagged,
        "doubtful": found.doubtful,
        "kinds": dict(found.kinds),
        "characteristics": list(found.characteristics),
        "statutory": [kind for kind in kinds if kind not in SAFETY],
        "safety": [kind for kind in kinds if kind in SAFETY],
        "language": found.language,
        "abstained": found.abstained,
        "passage": found.passage,
        "why": list(found.why),
        "without": found.without,
    }


def model_of(context: typer.Context, named: str | None) -> "Model":
    """The model of a weights file or a version, or the one that is shipped; the command ends where there is none."""
    from classifier.model import Model, shipped_model
    from classifier.packed import WeightsError

    try:
        if named is None:
            return shipped_model()
        return Model.load(Path(named)) if Path(named).exists() else _made_here(context, named)
    except (WeightsError, OSError) as error:
        unusable = f"the weights cannot be used: {error}"
        raise failure(unusable, Exit.USAGE) from None


def _made_here(context: typer.Context, named: str) -> "Model":
    with opened(context) as runtime:
        from workers.learning import LearningError
        from workers.learning import model_of as made

        try:
            return runtime.models.look().in_force if named == IN_FORCE else made(runtime, named)
        except LearningError as error:
            neither = f"{named} is no file, and {error}"
            raise failure(neither, Exit.USAGE) from None


def _missing(error: ImportError) -> str:
    return f"training and evaluation need more packages ({error.name}): pip install 'council-mailroom[training]'"
