"""What is new in a letter, as `review show` tells it: to people in lines, to machines in JSON."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from routing.whats_new import Line, WhatsNew
    from workers.remembering import News


def in_json(news: "News | None") -> dict[str, Any]:
    """The comparison as a mapping; nothing for an item that is not about a matter."""
    if news is None:
        return {}
    return {"matter": {"reference": news.matter or None, "evidence": news.evidence, **news.compared.as_data}}


def in_lines(news: "News | None") -> dict[str, str]:
    """The comparison as lines: what is new begins with a plus, what was seen names the first letter that had it."""
    if news is None:
        return {}
    compared = news.compared
    return {
        "why it is asked": news.evidence,
        "compared with": _compared(compared, news.matter),
        "its sentences": "\n".join(map(_line, compared.sentences)) or "none",
        "mentioned for the first time": _mentioned(compared.new_mentions) or "nothing",
    }


def _compared(compared: "WhatsNew", matter: str) -> str:
    about = f"about {matter}" if matter else "about matters of this person"
    if not compared.compared:
        return f"nothing: no earlier letter {about} is remembered, so everything counts as new"
    letters = "1 earlier letter" if compared.compared == 1 else f"{compared.compared} earlier letters"
    if compared.nearest is None:
        return f"{letters} {about}; none has anything of it"
    return f"{letters} {about}; the nearest is {compared.nearest}, which has {compared.share:.0%} of it"


def _line(line: "Line") -> str:
    return f"+ {line.words}" if line.seen is None else f"  {line.words} [{line.seen}]"


def _mentioned(lines: "Sequence[Line]") -> str:
    return "; ".join(f"{line.kind} {line.words}" for line in lines)
