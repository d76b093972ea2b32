"""`classifier`: training, measuring and using the possible-abuse model; its scores are advice to reviewers."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.session import Exit, failure, session_of

if TYPE_CHECKING:
    from classifier.model import Model

classifier = typer.Typer(help="The possible-abuse model: advice to reviewers, never an action.", no_args_is_help=True)

Eml = Annotated[bool, typer.Option("--eml", help="Standard input is one raw message, not JSON lines.")]
Data = Annotated[Path, typer.Argument(help="The folder of training data; see classifier/weights/README.md.")]
Weights = Annotated[Path | None, typer.Option("--model", help="Weights other than the shipped ones.")]


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

    chosen = model_of(model)
    try:
        report = evaluate(chosen, data)
    except DataFolderError as error:
        raise failure(str(error), Exit.USAGE) from None
    session = session_of(context)
    figures = report.as_dict() if session.as_json else dict(report.rows())
    session.print(figures, title=f"Model {chosen.version}, threshold {chosen.threshold:.4f}")


@classifier.command("score")
def score_texts(model: Weights = None, eml: Eml = False) -> None:
    """Score texts: JSON lines {"text": ...} on standard input, one JSON line each on standard output."""
    chosen = model_of(model)
    for text in _texts(eml=eml):
        typer.echo(json.dumps(_answer(chosen, text), ensure_ascii=False))


@classifier.command("explain")
def explain_text(context: typer.Context, model: Weights = None, eml: Eml = False) -> None:
    """Tell what the score of each text on standard input rests on, sentence by sentence; as `score` reads them."""
    chosen = model_of(model)
    session = session_of(context)
    for text in _texts(eml=eml):
        found = chosen.explain(text)
        rows = [{"without it": f"{part.without:.1%}", "sentence": part.sentence} for part in found.parts]
        words = f"; words that mattered: {', '.join(found.words)}" if found.words else ""
        title = f"Possible abuse: {found.score:.1%}{words}"
        session.print(rows, title=title, columns=("without it", "sentence"))


@classifier.command("card")
def show_card(model: Weights = None) -> None:
    """Print the model card of a model, in Markdown, with the facts for the Algorithmic Transparency record."""
    from classifier.measuring.card import card

    about = model_of(model).about
    if "figures" not in about:
        unmeasured = "these weights hold no figures of their own: see `mailroom classifier compare`"
        raise failure(unmeasured, Exit.USAGE)
    typer.echo(card(about), nl=False)


def _texts(*, eml: bool) -> Iterator[str]:
    if eml:
        from ingest.parse import read

        yield read(sys.stdin.buffer.read(), whole=True).own_text
        return
    for number, line in enumerate(sys.stdin, start=1):
        try:
            text = json.loads(line)["text"]
        except (json.JSONDecodeError, KeyError, TypeError):
            text = None
        if not isinstance(text, str):
            wrong = f'line {number} of standard input is not {{"text": "..."}}'
            raise failure(wrong, Exit.USAGE)
        yield text


def _answer(model: "Model", text: str) -> dict[str, Any]:
    from routing.safeguards import safeguards
    from routing.teams import SAFETY
    from routing.unnamed import unnamed

    found = model.assess_one(text)
    named = safeguards("", text)
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


def model_of(path: Path | None) -> "Model":
    """The model of a weights file, or the one that is shipped; the command ends where there is none."""
    from classifier.model import Model, shipped_model
    from classifier.packed import WeightsError

    try:
        return shipped_model() if path is None else Model.load(path)
    except (WeightsError, OSError) as error:
        unusable = f"the weights cannot be used: {error}"
        raise failure(unusable, Exit.USAGE) from None


def _missing(error: ImportError) -> str:
    return f"training and evaluation need more packages ({error.name}): pip install 'council-mailroom[training]'"
