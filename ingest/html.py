"""HTML made text: what a reader of the message would read, in linear time, quoted blocks marked as in plain text."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from html import unescape

_HIDDEN = re.compile(r"<(!--|style|script|title|xml)", re.IGNORECASE)
_ENDS = {
    "!--": re.compile(r"-->"),
    **{tag: re.compile(rf"</{tag}[^<>]{{0,100}}+>?", re.IGNORECASE) for tag in ("style", "script", "title", "xml")},
}
_ELEMENT = re.compile(r"<(/?)([a-z][a-z0-9]{0,20})\b([^<>]*+)>", re.IGNORECASE)
_HINTS = re.compile(r"hidden|none|font-size", re.IGNORECASE)
_VALUES = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_HIDDEN_ATTRIBUTE = re.compile(r"\shidden(?![\w:-])", re.IGNORECASE)
_UNSEEN = re.compile(r"\b(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_NO_SIZE = re.compile(r"\bfont-size\s*:\s*0*(?:\.0+)?(?:px|pt|r?em|%)?\s*(?=[;\"'!]|$)", re.IGNORECASE)
_SIZED = re.compile(r"font-size|<font|<h[1-6]", re.IGNORECASE)
_QUOTE = re.compile(r"<(/?)blockquote\b[^<>]*+>", re.IGNORECASE)
_IMPLIED = frozenset(("p", "li", "td", "th", "tr", "dt", "dd"))
"""What ends without a tag of its own where another block begins."""

_BLOCK = re.compile(
    r"<(?:p|div|table|tbody|tr|t[dh]|[uo]l|li|dl|d[td]|h[1-6]|hr|pre|blockquote|section|article|form|address)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|/?(?:p|div|tr|li|h[1-6]|table|hr|ul|ol|pre|blockquote))\b[^<>]*+>", re.IGNORECASE)
_CELL = re.compile(r"</?t[dh]\b[^<>]*+>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*+>")
_OPEN, _CLOSE = "\ue000", "\ue001"  # private use: the edges of a quoted block
_BLANK_LINES = re.compile(r"\n{3,}")


def html_to_text(source: str) -> str:
    """The readable text of an HTML body; text in a blockquote has its lines prefixed with "> "."""
    text = (
        _without_unseen(_without_hidden(source))
        .replace("\r", " ")
        .replace("\n", " ")
        .replace(_OPEN, "")
        .replace(_CLOSE, "")
    )
    if "lockquote" in text or "LOCKQUOTE" in text:
        text = _QUOTE.sub(lambda tag: _CLOSE if tag[1] else _OPEN, text)
    text = unescape(_TAG.sub("", _CELL.sub(" ", _BREAK.sub("\n", text))))
    text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    if _OPEN in text:
        text = _with_quotes(text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def words_of_html(source: str) -> set[str]:
    """The words an HTML body could say, at a fraction of the price of its text; some of them broken at a tag."""
    return set(_TAG.sub(" ", _without_hidden(source)).replace("&nbsp;", " ").split())


def _without_hidden(source: str) -> str:
    """The source without comments, styles, scripts and titles; one that is never closed is left in place."""
    kept: list[str] = []
    never_closed: set[str] = set()
    position = 0
    for start in _HIDDEN.finditer(source):
        kind = start[1].lower()
        if start.start() < position or kind in never_closed:
            continue
        end = _ENDS[kind].search(source, start.end())
        if end is None:
            never_closed.add(kind)
        else:
            kept.append(source[position : start.start()])
            position = end.end()
    return "".join((*kept, source[position:]))


def _without_unseen(source: str) -> str:
    """The source without elements that no mail program shows; what may have ended earlier is left in place."""
    if not _HINTS.search(source):
        return source
    kept: list[str] = []
    sized = [place.start() for place in _SIZED.finditer(source)]
    position = 0
    for start, begin, end, tag, attributes in sorted(_elements(source)):
        if start < position or not _is_unseen(attributes):
            continue
        if tag in _IMPLIED and _BLOCK.search(source, begin, end):
            continue
        shown_after_all = _NO_SIZE.search(attributes) and bisect_left(sized, begin) < bisect_left(sized, end)
        if not shown_after_all:
            kept.append(source[position:start])
            position = end
    return "".join((*kept, source[position:]))


def _elements(source: str) -> Iterator[tuple[int, int, int, str, str]]:
    """Where each closed element starts, where its content begins, where it ends, its tag and its attributes."""
    open_: dict[str, list[re.Match[str]]] = {}
    for edge in _ELEMENT.finditer(source):
        tag = edge[2].lower()
        if not edge[1]:
            open_.setdefault(tag, []).append(edge)
        elif open_.get(tag):
            start = open_[tag].pop()
            yield start.start(), start.end(), edge.end(), tag, start[3]


def _is_unseen(attributes: str) -> bool:
    return bool(
        _UNSEEN.search(attributes)
        or _NO_SIZE.search(attributes)
        or ("hidden" in attributes and _HIDDEN_ATTRIBUTE.search(_VALUES.sub("=", attributes)))
    )


def _with_quotes(text: str) -> str:
    lines, depth = [], 0
    for line in text.replace(_OPEN, f"\n{_OPEN}\n").replace(_CLOSE, f"\n{_CLOSE}\n").split("\n"):
        if line == _OPEN:
            depth += 1
        elif line == _CLOSE:
            depth = max(0, depth - 1)
        else:
            lines.append("> " + line if depth and line else line)
    return "\n".join(lines)
