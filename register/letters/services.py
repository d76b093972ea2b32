"""How a person asks for services while restricted, and what no restriction touches (rows 1.35 to 1.37)."""

from collections.abc import Iterator

from register.casework.steps import Measure
from register.letters.letter import Block, Bullets, Paragraph
from register.letters.occasion import Applied, Occasion
from register.restrictions import RepresentativeOnly, SingleChannel, SpocDiversion


def services(occasion: Occasion) -> Iterator[Block]:
    """It can always be said: where nothing is restricted, services are asked for in the usual way."""
    say, applied = occasion.wording.say, (*occasion.announced, *occasion.in_force)
    yield Paragraph(say("services-open"))
    yield from (Paragraph(way) for way in _ways(applied, occasion))
    yield Paragraph(say("services-always"))
    yield Bullets(occasion.wording.always)
    yield Paragraph(say("services-merits"))


def _ways(applied: tuple[Applied, ...], occasion: Occasion) -> tuple[str, ...]:
    found = tuple(way for one in applied if (way := _way(one.measure, occasion)) is not None)
    return tuple(dict.fromkeys(found)) or (occasion.wording.say("services-usual"),)


def _way(measure: Measure, occasion: Occasion) -> str | None:
    """What this restriction changes about asking for a service."""
    wording = occasion.wording
    match measure.terms:
        case SpocDiversion(spoc=spoc):
            scoped = measure.services or measure.mailboxes or measure.subject_matter
            return wording.say("services-spoc-scoped" if scoped else "services-spoc", spoc=spoc)
        case RepresentativeOnly(representative=representative):
            return wording.say("services-representative", representative=representative)
        case SingleChannel(channel=channel):
            return wording.say("services-channel", channel=wording.by([channel]))
        case _:
            return None
