"""Postcodes, by which a property is known wherever it is written of."""

import re
from itertools import islice

_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)[ \t]?(\d[a-z]{2})\b", re.IGNORECASE)
_MOST = 20  # of one text: a list of a whole street is about none of its houses


def postcode_keys(text: str) -> frozenset[str]:
    """A key for each postcode in the text, at most the first 20."""
    found = islice(_POSTCODE.finditer(text), _MOST)
    return frozenset(f"postcode:{match[1]}{match[2]}".lower() for match in found)
