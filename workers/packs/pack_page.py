"""The pages of a pack for people: plain HTML that runs nothing, loads nothing, and shows hostile text as text."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from workers.packs.chronology import COLUMNS, Happening
from workers.packs.packing import Cover, Packed

# Controls, and what turns the direction of text round: a name must not read otherwise than it is written.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1.1rem/1.5 Arial, sans-serif; color: #0b0c0c; background: #fff; margin: 0 auto; max-width: 75rem;
  padding: 1rem; }}
table {{ border-collapse: collapse; width: 100%; margin: 1rem 0; }}
caption {{ text-align: left; font-weight: bold; padding: .5rem 0; }}
th, td {{ text-align: left; vertical-align: top; border-bottom: 1px solid #767676; padding: .4rem .6rem .4rem 0;
  overflow-wrap: anywhere; white-space: pre-line; }}
a {{ color: #1d70b8; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
"""
_FOOT = "</main>\n</body>\n</html>\n"


def index(cover: Cover, happenings: Sequence[Happening], files: Sequence[Packed]) -> bytes:
    """The page to begin with: what the pack is, what to heed, what happened, and every file."""
    rows = [(item.as_row()) for item in happenings]
    listed = [(file.name, file.what, f"{file.size:,}", file.sha256) for file in files]
    body = [
        _facts(cover),
        _remarks(cover.remarks),
        table("What happened, in order", COLUMNS, rows),
        table("Files", ("File", "What it is", "Bytes", "SHA-256"), listed, linked=True),
    ]
    return page(f"{cover.council}: {cover.kind} pack of {cover.case}", body)


def page(title: str, body: Iterable[str]) -> bytes:
    """A whole page; `body` is HTML already."""
    return (_HEAD.format(title=shown(title)) + "\n".join(body) + _FOOT).encode("utf-8", "replace")


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, linked: bool = False) -> str:
    """A table with headings that a screen reader reads out; where `linked`, the first cell is the name of a file."""
    head = "".join(f'<th scope="col">{shown(column)}</th>' for column in columns)
    lines = [f"<tr>{_cells(row, linked=linked)}</tr>" for row in rows]
    body = "\n".join(lines) or f'<tr><td colspan="{len(columns)}">None.</td></tr>'
    return (
        f"<table>\n<caption>{shown(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n"
        "</table>\n"
    )


def shown(text: str) -> str:
    """Text that anybody may have written, as HTML that shows it and does nothing else."""
    return escape(_UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text))


def _cells(row: Sequence[str], *, linked: bool) -> str:
    first, *others = row
    told = f'<a href="{escape(quote(first))}" download>{shown(first)}</a>' if linked else shown(first)
    return f"<td>{told}</td>" + "".join(f"<td>{shown(cell)}</td>" for cell in others)


def _facts(cover: Cover) -> str:
    facts = {
        "Case": f"{cover.case}, version {cover.case_version}",
        "Made": f"{cover.made_at}, by {cover.made_by}",
        "Policy": ", ".join(cover.policies),
        "Audit trail at that moment": cover.witness,
    }
    lines = "".join(f"<dt>{name}</dt><dd>{shown(value)}</dd>" for name, value in facts.items())
    return f"<dl>{lines}</dl>\n<p>Check the files with <code>mailroom pack verify</code>, or by their SHA-256.</p>\n"


def _remarks(remarks: Sequence[str]) -> str:
    lines = "".join(f"<li>{shown(remark)}</li>" for remark in remarks)
    return f"<h2>To be heeded</h2>\n<ul>{lines}</ul>\n" if remarks else ""
