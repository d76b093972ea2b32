"""The writer's own new words: quoted history, forwarded letters, signature blocks and disclaimers taken out.

A first cut by the conventions of common mail programs, in English and Welsh; linear in the length of the text.
"""

import re
from collections.abc import Iterator

# Each pattern starts with the line feed before its line: the fastest thing to look for, so the text gets one in front.
_QUOTED_LINE = re.compile(r"\n[ \t]{0,9}>[^\n]*+")
_QUOTE_FOLLOWS = re.compile(r"\s*+>")
_HISTORY = re.compile(
    r"""\n[ \t*_>]{0,9}(?:
        -{2,}[ ]?(?:original\ (?:message|appointment)|forwarded\ (?:message|by)|neges\ (?:wreiddiol|a\ anfon))[^\n]*+
      | (?:begin\ forwarded\ message|dechrau'r\ neges\ a\ anfonwyd\ ymlaen):[^\n]*+
      | (?P<from>from|oddi\ wrth|gan|o)[ ]?:\*?[^\n]{1,300}+\n(?:[^\n]{0,300}+\n){0,4}?
          [ \t*]{0,9}(?:sent|date|subject|anfonwyd|dyddiad|pwnc)[ ]?:[^\n]*+
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LINE_END_COLON = re.compile(r":[ \t]{0,9}(?=\n)")
_WROTE = re.compile(r"\b(?:wrote|writes|said|ysgrifennodd)\b")
_ATTRIBUTION_OPENS = re.compile(r"[ \t*_]{0,9}(?:On|Ar|At|Le|Am)\b")
_ATTRIBUTION_LINES = 3
_ATTRIBUTION_TAIL = 100  # characters of a line in which its verb stands
_ADDRESS_OR_TIME = re.compile(r"@|\d[:.]\d\d")
_SIGNATURE = re.compile(r"\n--[ ]?(?=\n|\Z)(?:\n(?![ \t]{0,9}>)[^\n]*+){0,20}+")
_DEVICE_WORDS = """
    my the a an and for on of by with fy y yr r ar o gyda
    mail email e-mail app secure windows desktop android ios ipados mac macos iphone ipad ipod samsung galaxy note ultra
    plus pro max mini fold flip tab huawei honor xiaomi redmi oppo oneplus pixel google nokia lumia motorola moto sony
    xperia htc lg blackberry kindle fire amazon smartphone phone mobile cell cellular device tablet laptop macbook
    computer wireless handheld outlook yahoo gmail aol icloud thunderbird proton protonmail tutanota fastmail gmx bt sky
    talktalk virgin media vodafone three ee network at&t verizon evolution capable powered free ffôn ffon dyfais symudol
    m zoho bluemail spark edison mailbird airmail k-9 canary hotmail msn live btinternet
"""
_DEVICE_WORD = rf"(?:{'|'.join(map(re.escape, _DEVICE_WORDS.split()))}|[a-z]*\d[\w-]*|https?://\S{{1,300}})"
_DEVICE = re.compile(
    rf"""\n[ \t]{{0,9}}(?:sent\ (?:from|via|using|with)|get\ outlook\ for|anfonwyd\ (?:o|drwy|gan))
        (?:[ \t,.'\u2019]{{1,3}}{_DEVICE_WORD}(?!\w)|[ \t]?<[^>\n]{{1,300}}>){{1,14}}
        (?:[ \t,.;:\u2013-]{{1,3}}(?:so\ )?(?:please\ |pls\ )?(?:excuse|forgive|apologies|sorry)\b
            [^\n]{{0,60}}\b(?:typos?|brevity|brief|spellings?|mistakes|errors)\b[ \t]{{0,3}})?
        [ \t,.!]{{0,9}}(?=\n|\Z)""",
    re.IGNORECASE | re.VERBOSE,
)
"""A line that names a device or a mail program, and says nothing else."""

_DISCLAIMER = re.compile(
    r"""\n[ \t*_]{0,9}(?:
        (?:(?:important\ )?notice:\s+)?(?:this|the\ information\ (?:contained\ )?in\ this)
            \ (?:e-?mail|message|communication|transmission)
            \ (?:and|is|may|contains|transmission|message|including)\b
            [^\n]{0,200}?(?:confidential|privileged|monitored|intended\ (?:solely|only|exclusively|recipient|addressee
                |for\ (?:the|use)\b))
      | (?:disclaimer|confidentiality\ notice|legal\ notice|ymwadiad|hysbysiad\ cyfrinachedd)\b
            (?=[^\n]{0,400}+\n?[^\n]{0,400}?(?:confidential|recipient|views|opinions|liab|virus|cyfrinachol|derbynnydd
                |safbwynt|barn|atebol))
      | if\ you\ (?:are\ not\ the\ (?:intended\ |named\ )?(?:recipient|addressee)
            |have\ received\ this\ (?:e-?mail|message)\ in\ error)
      | (?:please\ )?(?:consider|think\ of)\ the\ environment\ before
      | (?:mae'r|gall|gallai'r)\ (?:yr\ )?(?:e-?bost|neges|wybodaeth)\b[^\n]{0,200}?(?:g?yfrinachol|cyfrinachol|bwriad)
      | (?:cofiwch|ystyriwch)\b[^\n]{0,40}\bamgylchedd\b
      | (?:croesewir|rydym\ yn\ croesawu)\b[^\n]{0,40}\bgohebiaeth\b
    )[^\n]*+(?:\n[ \t]*+[^\s>][^\n]*+)*+""",
    re.IGNORECASE | re.VERBOSE,
)
_OF_ONESELF = re.compile(r"\b(?:i|i['\u2019](?:m|ve|d|ll)|my|me|myself|dwi|dw\ i|rwy|rydw|fy|mi)\b", re.IGNORECASE)
_CLOSING_LINES = 8
_CLOSING_REACH = 2000  # characters


def own_words(text: str) -> str:
    """The new words of the writer; words below a quotation still count.

    Where all of them look like a signature or a disclaimer, they are taken for a letter.
    """
    new = _without_history(f"\n{text}\n").rstrip("\n")
    unsigned = _SIGNATURE.sub("", new) if "\n--" in new else new
    own = _DISCLAIMER.sub(_unless_of_oneself, _DEVICE.sub("", unsigned))
    return _without_quotations(own) or _without_quotations(new)


def _unless_of_oneself(disclaimer: re.Match[str]) -> str:
    """Lawyers do not say "I": who does, writes a letter that only begins like a disclaimer."""
    return disclaimer[0] if _OF_ONESELF.search(disclaimer[0]) else ""


def closing_lines(text: str) -> tuple[str, ...]:
    """The last lines of the writer's own text, where a letter is signed, its signature block included."""
    lines = [line.strip() for line in unquoted(text)[-_CLOSING_REACH:].split("\n")]
    return tuple(filter(None, lines))[-_CLOSING_LINES:]


def unquoted(text: str) -> str:
    """The text without quoted and forwarded letters, signature and disclaimer still in it."""
    return _without_quotations(_without_history(f"\n{text}\n"))


def _without_quotations(text: str) -> str:
    return (_QUOTED_LINE.sub("", text) if ">" in text else text).strip()


def _without_history(text: str) -> str:
    """Cut at the line that introduces an older letter, unless quotation marks say where that letter ends."""
    spans = [*_headings(text), *_attributions(text)]
    if not spans:
        return text
    kept, position = [], 0
    for start, end in sorted(spans):
        if start < position:
            continue
        kept.append(text[position:start])
        position = end
        if not _QUOTE_FOLLOWS.match(text, end):
            return "".join(kept)
    return "".join(kept) + text[position:]


def _headings(text: str) -> Iterator[tuple[int, int]]:
    """The spans of headings of older letters; at the very beginning, "From: A Person" may head the letter itself."""
    above = len(text) - len(text.lstrip())
    for heading in _HISTORY.finditer(text):
        of_this_letter = heading["from"] and heading.end() > above >= heading.start()
        if not of_this_letter or _ADDRESS_OR_TIME.search(heading[0]):
            yield heading.span()


def _attributions(text: str) -> list[tuple[int, int]]:
    """The spans of lines such as "On 3 November, A Person <a@b.example> wrote:", which may be folded.

    Without quotation marks below, only an address or a time of day tells them from "On Tuesday your officer said:".
    """
    found = []
    for colon in _LINE_END_COLON.finditer(text):
        line = text.rfind("\n", 0, colon.start()) + 1
        if _WROTE.search(text, max(line, colon.start() - _ATTRIBUTION_TAIL), colon.start()):
            start = _attribution_start(text, line, colon.start())
            if start is not None and (
                _QUOTE_FOLLOWS.match(text, colon.end()) or _ADDRESS_OR_TIME.search(text, start, colon.end())
            ):
                found.append((start, colon.end()))
    return found


def _attribution_start(text: str, line: int, end: int) -> int | None:
    start = line
    for _ in range(_ATTRIBUTION_LINES):
        if _ATTRIBUTION_OPENS.match(text, start):
            return start - 1
        if start < 2 or text[start - 2] == "\n":  # noqa: PLR2004 - no line before this one
            break
        start = text.rfind("\n", 0, start - 1) + 1
    return line - 1 if "@" in text[line:end] else None
