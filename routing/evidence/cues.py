"""Words that demand an answer at once, or insist on certain people, in English and Welsh.

Nothing follows from them: they are shown as they were written, for a person to judge. What names somebody is left out.
"""

import re
from collections.abc import Iterator
from itertools import groupby, islice

_MOST = 10  # phrases of one message
_MOST_CHARACTERS = 65_536
_LONGEST = 100  # characters of a phrase
_FOLDED = re.compile(r"(?<!\n)\n(?!\n)")  # the end of a line, but not of a paragraph

_COUNT = r"(?:the|an?|one|two|three|four|six|twelve|twenty[-\s]four|forty[-\s]eight|\d{1,3})"
_SHORT = rf"(?:(?:next\s)?{_COUNT}\s)?(?:working\s)?(?:minutes?|hours?|hrs?)"
_DAYS = r"(?:one|two|1|2|a)\s(?:working\s|business\s)?days?"
_SOON = (
    r"(?:immediately|at\sonce|straight\saway|right\s(?:now|away)|by\sreturn|today|tonight|this\s(?:minute|instant)"
    r"|by\s(?:close\sof\s(?:play|business)|noon|midday|tonight|(?:the\send\sof\s)?today|tomorrow|first\sthing"
    r"|\d{1,2}(?:[.:]\d\d)?\s?[ap]\.?m\b\.?)(?:\s(?:today|tomorrow))?"
    rf"|(?:with)?in\s(?:{_SHORT}|{_DAYS})|within\sthe\shour)"
)
_ANSWER = (
    r"(?:repl(?:y|ies)|respon(?:d|se)|answers?|get\sback\sto\sme|hear\s(?:back\s)?from\syou|(?:call|ring|phone)\sme)"
)
_SOON_CY = (
    r"(?:ar\sunwaith|yn\s(?:syth|ddi-oed)|heddiw|heno"
    r"|erbyn\s(?:heddiw|heno|yfory|hanner\sdydd|\d{1,2}(?:[.:]\d\d)?(?:\s?o'r\sgloch)?(?:\s?y\.?[bph]\.?)?)"
    r"|(?:o\sfewn|ymhen)\s(?:yr?\s)?(?:(?:un|dwy|dau|tair|tri|pedair|\d{1,3})\s)?(?:awr|oriau|munud(?:au)?"
    r"|ddiwrnod|diwrnod|ddydd))"
)
_ANSWER_CY = r"(?:ate(?:b|bwch)|ymate(?:b|bwch)|ffoniwch(?:\sfi)?|galwch\sfi|clywed\s(?:yn\sôl\s)?gennych)"
_DEMANDS = re.compile(
    rf"""\b(?:
        {_ANSWER}\b[^.!?\n]{{0,40}}?\b{_SOON}
      | {_SOON}\b[^.!?\n]{{0,20}}?\b{_ANSWER}
      | (?:expect|demand|require|insist\son|want|need)\s(?:an?|your|the)\s(?:\w{{1,15}}(?:,|\sand)?\s){{0,3}}?
        (?:immediate|instant|urgent)\s(?:and\s\w{{1,15}}\s)?(?:reply|response|answer|action)
      | (?:immediate|instant)\sand\s(?:comprehensive|full|complete)\s(?:reply|response|answer)s?
      | {_ANSWER_CY}\b[^.!?\n]{{0,40}}?\b{_SOON_CY}
      | (?:mynnu|mynnaf|disgwyl|disgwyliaf)\s(?:cael\s)?(?:ateb|ymateb)\s(?:\w{{1,15}}\s){{0,3}}?
        (?:{_SOON_CY}|brys|llawn)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ONLY = r"(?:only\s(?:to|with)|(?:to|with)\sonly)"
_SPEAK = r"(?:speak|talk|deal|correspond|communicate|meet)(?:ing)?\s(?:only\s)?(?:to|with)"
# Whoever asks for somebody who speaks for them, or for anybody at all, insists on nobody of the council.
_NOT_THEIRS = (
    r"(?!\s(?:an?\s|my\s|the\s)?(?:advocate|solicitor|representative|lawyer|interpreter|wife|husband|you\b|someone"
    r"|somebody|anyone|anybody|me\b|us\b|it\b))"
)
_SPEAK_CY = r"(?:siarad|trafod|delio|gohebu|cyfathrebu)\s(?:â|ag|gyda|efo)"
_NOT_THEIRS_CY = r"(?!\s(?:fy|eiriolwr|cyfreithiwr|chi\b|rhywun|unrhyw))"
_INSISTS = re.compile(
    rf"""\b(?:
        (?:only|solely)\s(?:to\s|want\sto\s|wish\sto\s|willing\sto\s|prepared\sto\s)?{_SPEAK}{_NOT_THEIRS}
      | (?:insist(?:ing)?\son|demand(?:ing)?\sto|refuse\sto\sbe\sdealt\swith|must)\s{_SPEAK}{_NOT_THEIRS}
      | (?:will|want\sto|wish\sto|prepared\sto)\s(?:speak|talk|deal|correspond|communicate)\s{_ONLY}{_NOT_THEIRS}
      | (?:refuse|not\sprepared|not\swilling|will\snot|won't)\s(?:to\s)?{_SPEAK}
        \s(?:anyone|anybody)\s(?:else|other\sthan|but|except)
      | put\sme\sthrough\sto{_NOT_THEIRS}
      | (?:dim\sond|mynnu|mynnaf)\s{_SPEAK_CY}{_NOT_THEIRS_CY}
      | gwrthod\s{_SPEAK_CY}\s(?:neb|unrhyw\sun)\s(?:ond|heblaw|arall)
    )(?:\s(?:the|your|y|yr|eich)\s(?:chief\sexecutive|director|head\sof\sservice|manager|leader
        |prif\sweithredwr|cyfarwyddwr|rheolwr|arweinydd))?""",
    re.IGNORECASE | re.VERBOSE,
)


_LEFT_OUT = "\u2026"
_NUMBER = re.compile(r"\d{1,3}(?:[.:]\d\d)?(?:[ap]\.?m\.?)?")
_TOKEN = re.compile(r"[\w'.:-]*\w|\w")
_WORDS = (
    "a a.m action ag am an and answer answers anybody anyone ar arall arweinydd at ateb atebwch away awr back be"
    " brys business but by cael call chi chief close clywed communicate communicating complete comprehensive"
    " correspond corresponding cyfarwyddwr cyfathrebu dau day days ddi-oed ddiwrnod ddydd deal dealing dealt"
    " delio demand demanding dim director disgwyl disgwyliaf diwrnod dwy dydd e-mail efo eich eight else email"
    " end erbyn ewch except executive expect fewn ffoniwch fi first for forty forty-eight four from full galwch"
    " gennych get gloch gohebu gweithredwr gwrthod gyda half hanner have head hear heblaw heddiw heno hour hours"
    " hrs i immediate immediately in insist insisting instant is it leader letter llawn manager me meet meeting"
    " midday minute minutes morning munud munudau must my mynnaf mynnu neb need next noon not now o o'r of on"
    " on-line once ond one only oriau other p.m pedair phone play please pm prepared prif put refuse replies"
    " reply require respond response return rheolwr right ring service siarad six solely speak speaking straight"
    " sunwaith sweithredwr syth tair talk talking than the thing this three through to today tomorrow tonight"
    " trafod tri twelve twenty twenty-four two un unrhyw unwaith urgent want we will willing wish with within"
    " won't working y yfory ymateb ymatebwch ymhen yn ynôl you your yr â ôl"
)
# One of these is in every phrase that is looked for: what is far from all of them need not be read closely.
_SIGNS_OF_HASTE = (
    "immediate|instant|urgent|at once|straight away|right now|right away|by return|today|tonight|this minute|close of"
    "|noon|midday|tomorrow|first thing|hour|hrs|minute|p.m|a.m|a day|one day|two day|1 day|2 day|working day"
    "|business day|unwaith|syth|ddi-oed|heddiw|heno|yfory|erbyn|fewn|ymhen|brys|llawn"
)
_SIGNS_OF_INSISTING = "speak|talk|deal|correspond|communicat|meet|me through|siarad|trafod|delio|gohebu|cyfathrebu"
_TIMES = ["pm", *(f"{digit}am" for digit in range(10)), *(f"{digit} am" for digit in range(10))]
_HASTE, _INSISTING = [*_SIGNS_OF_HASTE.split("|"), *_TIMES], _SIGNS_OF_INSISTING.split("|")
_REACH = 150  # characters of a phrase on either side of its sign
_CUES = frozenset(_WORDS.split(" "))


def demands(text: str) -> tuple[str, ...]:
    """The phrases that ask for an answer within hours, or at once; each once, as written but for case and spaces."""
    return tuple(_phrases(_DEMANDS, _HASTE, text))


def insistence(text: str) -> tuple[str, ...]:
    """The phrases that insist on speaking with certain people, without their names."""
    return tuple(_phrases(_INSISTS, _INSISTING, text))


def _phrases(pattern: re.Pattern[str], signs: list[str], text: str) -> Iterator[str]:
    seen: dict[str, None] = {}
    for part in _parts(text[:_MOST_CHARACTERS], signs):
        for found in pattern.finditer(_FOLDED.sub(" ", part).replace("\u2019", "'")):
            seen.setdefault(_shown(found[0])[:_LONGEST])
            if len(seen) >= _MOST:
                break
    yield from islice(seen, _MOST)


def _parts(text: str, signs: list[str]) -> Iterator[str]:
    """What stands around the signs, in whole words."""
    begin = end = 0
    for place in sorted(_places(text.lower(), signs)):
        if place - _REACH > end:
            yield text[begin:end]
            begin = text.rfind(" ", 0, place - _REACH) + 1
        end = place + _REACH
    yield text[begin:end]


def _places(lowered: str, signs: list[str]) -> Iterator[int]:
    for sign in signs:
        place = lowered.find(sign)
        while place >= 0:
            yield place
            place = lowered.find(sign, place + len(sign))


def _shown(phrase: str) -> str:
    """The words of a phrase that are cues; what stands between them may name somebody, and is left out."""
    words = (
        word if word in _CUES or _NUMBER.fullmatch(word) else _LEFT_OUT for word in _TOKEN.findall(phrase.casefold())
    )
    return " ".join(word for word, _ in groupby(words))
