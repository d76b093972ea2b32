"""`classifier`: training, measuring and using the possible-abuse model; its scores are advice to reviewers."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.session import Exit, failure, session_of

if TYPE_CHECKING:
    from classifier.model import Model

classifier = typer.Typer(help="The possible-abuse model: advice to reviewers, never an action.", no_args_is_help=True)

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
        from classifier.training import train
    except ImportError as error:
        raise failure(_missing(error), Exit.USAGE) from None
    from classifier.datasets import DataFolderError

    try:
        report = train(data, out, seed)
    except DataFolderError as error:
        raise failure(str(error), Exit.USAGE) from None
    from dataclasses import asdict

    session_of(context).print(asdict(report), title=f"Wrote {out}")


@classifier.command("evaluate")
def evaluate_model(context: typer.Context, data: Data, model: Weights = None) -> None:
    """Measure a model on data it was not trained on, and print every figure. Needs the `training` extra."""
    try:
        from classifier.evaluation import evaluate
    except ImportError as error:
        raise failure(_missing(error), Exit.USAGE) from None
    from classifier.datasets import DataFolderError

    chosen = _model(model)
    try:
        report = evaluate(chosen, data)
    except DataFolderError as error:
        raise failure(str(error), Exit.USAGE) from None
    session = session_of(context)
    figures = report.as_dict() if session.as_json else dict(report.rows())
    session.print(figures, title=f"Model {chosen.version}, threshold {chosen.threshold:.4f}")


@classifier.command("score")
def score_texts(
    model: Weights = None,
    eml: Annotated[bool, typer.Option("--eml", help="Standard input is one raw message, not JSON lines.")] = False,
) -> None:
    """Score texts: JSON lines {"text": ...} on standard input, one JSON line each on standard output."""
    chosen = _model(model)
    if eml:
        from ingest.parse import read

        _answer(chosen, read(sys.stdin.buffer.read(), whole=True).own_text)
        return
    for number, line in enumerate(sys.stdin, start=1):
        try:
            text = json.loads(line)["text"]
        except (json.JSONDecodeError, KeyError, TypeError):
            text = None
        if not isinstance(text, str):
            wrong = f'line {number} of standard input is not {{"text": "..."}}'
            raise failure(wrong, Exit.USAGE)
        _answer(chosen, text)


def _answer(model: "Model", text: str) -> None:
    from routing.safeguards import safeguards
    from routing.teams import SAFETY
    from routing.unnamed import unnamed

    found = model.assess_one(text)
    named = safeguards("", text)
    kinds = [item.kind for item in (*named, *unnamed(found, named))]
    answer = {
        "score": round(found.score, 4),
        "flag": found.flagged,
        "statutory": [kind for kind in kinds if kind not in SAFETY],
        "safety": [kind for kind in kinds if kind in SAFETY],
        "language": found.language,
        "abstained": found.abstained,
        "why": list(found.why),
    }
    typer.echo(json.dumps(answer, ensure_ascii=False))


def _model(path: Path | None) -> "Model":
    from classifier.model import Model, shipped_model
    from classifier.packed import WeightsError

    try:
        return shipped_model() if path is None else Model.load(path)
    except (WeightsError, OSError) as error:
        unusable = f"the weights cannot be used: {error}"
        raise failure(unusable, Exit.USAGE) from None


def _missing(error: ImportError) -> str:
    return f"training and evaluation need more packages ({error.name}): pip install 'council-mailroom[training]'"
