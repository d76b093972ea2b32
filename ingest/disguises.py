"""Words written so that a person reads them and a machine does not, made plain: linear, and never raising.

Invisible characters are left out, look-alike letters of other alphabets read as Latin ones, and letters set apart
("k i l l") joined.
"""

import re
from typing import Final

__all__ = ["APART", "undisguised", "unmasked"]

_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_CYRILLIC: Final = dict(zip("аеорсухіјѕвкмнт", "aeopcyxijsbkmht", strict=True))
_GREEK: Final = dict(zip("οαειικνρτυ", "oaeiikvptu", strict=True))
_LATIN: Final = dict(zip("ıøłß", "iols", strict=True))
_SMALL_CAPITALS: Final = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
_IN_BOXES: Final = {
    chr(first + place): letter
    for first in (0x1F110, 0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
    for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz")
}
_SMALL: Final = {**_CYRILLIC, **_GREEK, **_LATIN, **_SMALL_CAPITALS, **_IN_BOXES}
_LOOK_ALIKES: Final = str.maketrans(
    {written.upper(): letter.upper() for written, letter in _SMALL.items() if len(written.upper()) == 1} | _SMALL
)
APART: Final = re.compile(r"(?<![a-z0-9'])[a-z](?:[^a-z0-9'\"\n\0][a-z](?![a-z0-9'])){3,30}", re.IGNORECASE | re.ASCII)
"""Single letters in a row, four at least, with one character between each two."""

_NUMBERS_IN_WORDS: Final = re.compile(r"(?<=[a-z])[013457$]{1,2}(?=[a-z])", re.IGNORECASE)
_MEANT: Final = str.maketrans("013457$", "oieasts")


def unmasked(text: str) -> str:
    """The text without invisible characters, in Latin letters where look-alikes of other alphabets stand for them."""
    return text if text.isascii() else _INVISIBLE.sub("", text).translate(_LOOK_ALIKES)


def undisguised(text: str) -> str:
    """The same, with letters set apart joined, and figures within a word ("k1ll") read as letters."""
    together = APART.sub(lambda run: "".join(filter(str.isalpha, run[0])), unmasked(text))
    return _NUMBERS_IN_WORDS.sub(lambda found: found[0].translate(_MEANT), together)
