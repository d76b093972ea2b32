"""Which characteristic protected by the Equality Act 2010 a letter names: for a reviewer of hate, never a score.

Words that people say of themselves and slurs alike; a word with another common meaning ("old", "straight") is left out.
"""

import re
from types import MappingProxyType
from typing import Final

from classifier.normalise import normalise

_STEMS: Final = MappingProxyType(
    {
        "age": r"""elderly|pensioners?|millennials?|boomers?|geriatrics?|
            old (?:(?:wo)?m[ae]n|(?:hag|git|bat|biddy|fool)s?)""",
        "disability": r"""disab\w+|handicapped|wheelchairs?|cripples?|spastics?|spaz|mongs?|retard\w*|autis\w+|
            aspergers|adhd|deaf|blind|dyslexi\w+|epilep\w+|schizo\w*|bipolar|dementia|mental(?:ly ill)?|downs|dwarf|
            anabl\w*|byddar|dall""",
        "gender reassignment": r"trans(?:gender\w*|sexuals?)?|trann(?:y|ies)|shemales?|nonbinary|non binary|traws\w*",
        "pregnancy and maternity": r"pregnan\w+|maternity|breastfeeding|beichiog\w*",
        "race": r"""blacks?|whites?|asians?|africans?|caribbeans?|arabs?|gyps(?:y|ies)|gyppos?|pikeys?|roma|travellers?|
            pakis?|pakistanis?|indians?|bangladeshis?|chin(?:ese|ks?)|nigg\w+|wogs?|coons?|darkies?|sambo|golliwog|
            poles?|polish|polacks?|romanians?|albanians?|bulgarians?|somalis?|nigerians?|syrians?|afghans?|
            ukrainians?|immigrants?|migrants?|refugees?|asylum seekers?|foreign\w*|irish|scottish|welsh|english|taffy|
            jocks?|paddies|savages|(?:your|their|that|this) (?:own )?country|go back (?:to|where)|
            mewnfudwyr|tramorwyr?|sais|saeson""",
        "religion or belief": r"""muslims?|islam\w*|jew(?:s|ish)?|kikes?|yids?|hindus?|sikhs?|christians?|catholics?|
            protestants?|buddhists?|atheists?|ragheads?|towelheads?|hijabs?|burqas?|burkas?|niqabs?|turbans?|mosques?|
            synagogues?|mwslim\w*|iddew\w*""",
        "sex": r"""wom[ae]n|females?|bitch(?:es)?|slags?|sluts?|whores?|little girls?|girls?|ladies|feminists?|
            housewi\w+|menywod|merched""",
        "sexual orientation": r"""gays?|lesbians?|lezz\w*|homosexuals?|homos?|bisexuals?|queers?|poofs?|poofters?|
            fag(?:got)?s?|dykes?|batty|hoyw\w*""",
    }
)
_NAMED: Final = MappingProxyType(
    {
        name: re.compile(rf"\b(?:{''.join(line.strip() for line in stems.splitlines())})\b")
        for name, stems in _STEMS.items()
    }
)


def characteristics(own: str) -> tuple[str, ...]:
    """The names of the characteristics that somebody's own words name, in alphabetical order."""
    read = normalise(own).replace("-", " ")
    return tuple(name for name, named in _NAMED.items() if named.search(read))
