"""Mailboxes of an address header (RFC 5322), read by one small linear tokenizer that forgives what mailers write.

The standard library's helpers are not used: their answers differ between versions of Python; identity hangs on this.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.encoded_words import decode_words
from ingest.message import Address

_TOKEN = re.compile(
    r"""(?P<quoted>"(?:[^"\\]++|\\.)*+")
      | (?P<space>[ \t\r\n]++)
      | (?P<literal>\[[^\[\]<>,;\s]*+\])
      | (?P<mark>[<>(,:;])
      | (?P<atom>(?:[^ \t\r\n"<>(,:;\[\\]++|\\.)++|.)""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT_MARK = re.compile(r"[()]|\\.", re.DOTALL)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"\x00-\x1f@]{1,64}+@[^\s<>()\[\]:;,\"\x00-\x1f@]{1,255}+")
_PLAIN = re.compile(  # what nearly every mailer writes, and what can be read in one way only
    r"""[ \t]*+(?:(?:"(?P<quoted>[\w .,'&/()-]*+)"|(?P<words>[\w.'-]++(?:[ ][\w.'-]++)*+))[ ]?(?=<))?(?P<open><)?
        (?P<address>[\w.+'-]++@[\w-]++(?:\.[\w-]++)*+)(?(open)>)[ \t]*+\Z""",
    re.ASCII | re.VERBOSE,
)
_HOP_LIMIT = 1  # a source route with more hops than this is somebody's trick


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailboxes:
    """The mailboxes of one header in order, and the codes of what makes it ambiguous who is meant."""

    addresses: tuple[Address, ...]
    anomalies: tuple[str, ...] = ()


def parse_addresses(value: str) -> Mailboxes:
    """The mailboxes of an unfolded address header; total, and linear in its length."""
    plain = _PLAIN.match(value)
    if plain:
        name = " ".join((plain["quoted"] or plain["words"] or "").split())
        return Mailboxes(addresses=(Address(addr_spec=plain["address"], display_name=name),))
    reader = _Reader(value=value)
    reader.read()
    return Mailboxes(addresses=tuple(reader.found), anomalies=tuple(dict.fromkeys(reader.anomalies)))


def addresses_within(text: str) -> Iterator[str]:
    """Each thing in a line of text that looks like an address; a hint, never an identity."""
    return (match[0].strip(".'") for match in _ADDRESS.finditer(text))


def display_text(value: str) -> str:
    """A phrase as people read it: encoded words decoded, control characters and line ends gone."""
    return " ".join(_CONTROL.sub(" ", decode_words(value)).split())


@dataclass(slots=True)
class _Reader:
    """The state of reading one header; a mailbox is collected until a comma, a semicolon or the end closes it."""

    value: str
    found: list[Address] = field(default_factory=list)
    anomalies: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)  # what stands together without white space, outside angle brackets
    comments: list[str] = field(default_factory=list)
    leftover: list[str] = field(default_factory=list)  # words before an unquoted comma: Surname, Forename <a@b>
    angle: str | None = None  # what stands in angle brackets
    inside: bool = False  # between < and >
    before: int = 0  # how many runs stand before the angle brackets
    glued: bool = False  # the next token belongs to the last run
    comments_close: bool = True

    def read(self) -> None:
        position = 0
        while position < len(self.value):
            token = _TOKEN.match(self.value, position)
            if token is None:
                break
            position = token.end()
            if token.lastgroup == "mark":
                position = self._mark(token[0], position)
            else:
                self._word(token[0], str(token.lastgroup))
        if self.inside:
            self.anomalies.append("unclosed-angle-bracket")
        self._close()
        self._hidden(" ".join(self.leftover))

    def _mark(self, mark: str, position: int) -> int:
        match mark:
            case "(":
                return self._comment(position)
            case "<":
                self._open()
            case ">":
                self.inside = False
            case ":" if self.inside:
                self._word(mark, "atom")
            case ":":
                self._colon()
            case "," if self.inside and (self.angle or "").startswith("@"):
                self._word(mark, "atom")
            case _:
                self._close()
                if mark == ";":
                    self.leftover.clear()
        return position

    def _word(self, text: str, kind: str) -> None:
        if self.inside:
            self.angle = (self.angle or "") + ("" if kind == "space" else text)
        elif kind == "space":
            self.glued = False
        elif self._joins(text):
            self.runs[-1] += text
            self.glued = True
        else:
            self.runs.append(text)
            self.glued = True

    def _joins(self, text: str) -> bool:
        """Whether `text` continues the last run: next to it, or around the @ and the dots of an address."""
        if not self.runs:
            return False
        last = self.runs[-1]
        dotted = "@" in last and (last[-1] == "." or text[0] == ".")
        return self.glued or last[-1] == "@" or text[0] == "@" or dotted

    def _open(self) -> None:
        if self.angle is not None:
            self.anomalies.append("several-angle-brackets")
            self._close()
        self.angle, self.inside, self.before = "", True, len(self.runs)

    def _colon(self) -> None:
        if self.angle is None and not any("@" in run for run in self.runs):
            self.runs.clear()  # the name of a group
            self.leftover.clear()
        else:
            self._word(":", "atom")

    def _comment(self, start: int) -> int:
        """Offset after the comment that opened before `start`; an unclosed one is no comment."""
        depth = 1
        marks = _COMMENT_MARK.finditer(self.value, start) if self.comments_close else iter(())
        for mark in marks:
            depth += {"(": 1, ")": -1}.get(mark[0], 0)
            if depth == 0:
                self.comments.append(self.value[start : mark.start()])
                return mark.end()
        self.comments_close = False
        self.anomalies.append("unclosed-comment")
        return start

    def _close(self) -> None:
        """End a mailbox."""
        if self.angle is not None:
            self._close_angle(self.angle)
        elif any(_holds_address(run) for run in self.runs):
            self._close_bare()
        else:
            self.leftover += self.runs
        self.runs = []
        self.angle, self.inside, self.glued = None, False, False

    def _close_angle(self, angle: str) -> None:
        if any(map(_holds_address, self.runs[self.before :])):
            self.anomalies.append("text-after-address")
        self._add(self._without_route(angle), [*self.leftover, *self.runs])

    def _close_bare(self) -> None:
        words = [run for run in self.runs if not _holds_address(run)] or self.comments
        for address in filter(_holds_address, self.runs):
            self._add(address, words)
            words = []

    def _add(self, addr_spec: str, words: list[str]) -> None:
        self._hidden(" ".join(self.leftover))
        name = display_text(" ".join(map(_unquoted, words)))
        if addr_spec:
            self.found.append(Address(addr_spec=addr_spec, display_name=name))
            self.anomalies += _faults(addr_spec)
        else:
            self._hidden(name)
        self.leftover, self.comments = [], []

    def _without_route(self, angle: str) -> str:
        if not angle.startswith("@") or ":" not in angle:
            return angle.removeprefix("mailto:")
        route, _, addr_spec = angle.rpartition(":")
        if route.count("@") > _HOP_LIMIT:
            self.anomalies.append("source-route")
        return addr_spec

    def _hidden(self, words: str) -> None:
        """Words where a mailbox should stand: an address in disguise is reported as such."""
        if "@" not in words and "=?" not in words and words.isascii():
            return
        for addr_spec in addresses_within(display_text(words)):
            self.found.append(Address(addr_spec=addr_spec))
            self.anomalies.append("address-in-disguise")


def _holds_address(run: str) -> bool:
    return "@" in run and not (run[0] == '"' and run[-1] == '"')


def _unquoted(word: str) -> str:
    if len(word) > 1 and word[0] == word[-1] == '"':
        word = word[1:-1]
    return _QUOTED_PAIR.sub(r"\1", word) if "\\" in word else word


def _faults(addr_spec: str) -> Iterator[str]:
    """Why readers may take this address for different ones."""
    local, _, domain = addr_spec.rpartition("@")
    if not addr_spec.isascii() and not addr_spec.isprintable():
        yield "invisible-character-in-address"
    elif not addr_spec.isprintable():
        yield "control-character-in-address"
    if ".." in domain or domain.startswith(".") or ("@" in local and local[0] != '"'):
        yield "malformed-address"
