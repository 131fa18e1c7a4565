"""Moments as people write them, "tomorrow at 9" or "через 2 часа", understood in nine languages at once.

The reader's own language comes first; another one is believed where it explains more of the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crm.repeating import Repetition
from crm.spoken import signs
from crm.spoken.grammar import Grammar, Said
from crm.spoken.languages import VOCABULARIES
from crm.spoken.looking_back import last_day
from crm.spoken.resolving import Frame, Misfit, Trouble, resolve
from crm.spoken.signs import Item
from crm.spoken.vocabulary import Vocabulary

__all__ = ["Spoken", "Trouble", "day", "read"]
MOST = 200  # pieces of a text that are looked at: nobody says a time later
AMERICAN = ("America/", "US/", "Pacific/Honolulu")  # zones in which English writes the month first


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was understood: a moment in UTC, how it comes again, and the words that say something else."""

    words: str
    moment: datetime | None = None
    repetition: Repetition | None = None
    trouble: Trouble | None = None  # why there is no moment


@dataclass(frozen=True, slots=True)
class _Reading:
    said: Said
    items: list[Item]
    weight: int  # how much of the text it explains
    certain: bool  # by a whole word of the language


def read(text: str, now: datetime, zone: str, language: str) -> Spoken:
    """What a text says of time, in any of the languages. Never raises; a moment is always ahead."""
    best = _best(text, zone, language)
    words = signs.rest(text, _stretches(best))
    if not best.said.taken:
        return Spoken(words, trouble=Trouble.NOTHING)
    try:
        moment, repetition = resolve(best.said, Frame(now, zone))
    except Misfit as misfit:
        return Spoken(words, trouble=misfit.trouble)
    return Spoken(words, moment, repetition)


def day(text: str, now: datetime, zone: str, language: str) -> date | None:
    """The day that is all a text says, the last such there was: yesterday, Friday, 3 May. Of two weeks: so long ago."""
    best = _best(text, zone, language)
    if not best.said.taken or signs.rest(text, _stretches(best)):
        return None
    return last_day(best.said, now.astimezone(ZoneInfo(zone)).date())


def _best(text: str, zone: str, language: str) -> _Reading:
    """What explains most of a text."""
    month_first = language == "en" and zone.startswith(AMERICAN)
    pieces = signs.signs(text)[:MOST]
    first = VOCABULARIES.get(language, VOCABULARIES["en"])
    best = _read(pieces, first, month_first=month_first, native=True)
    for vocabulary in VOCABULARIES.values():
        if vocabulary is not first:
            other = _read(pieces, vocabulary, month_first=month_first, native=False)
            if (other.certain or not best.said.taken) and other.weight > best.weight:
                best = other
    return best


def _read(pieces: list[signs.Sign], vocabulary: Vocabulary, *, month_first: bool, native: bool) -> _Reading:
    items = signs.items(pieces, vocabulary)
    said = Grammar(items, month_first=month_first).read()
    used = [items[place] for start, end in said.taken for place in range(start, end)]
    whole = all(one in used for one in items if one.kind != "mark")  # then a short form is no word of another language
    strong = [one for one in used if one.meaning.roles and (native or whole or not one.meaning.weak)]
    weight = sum(max(1, len(one.text.split())) for one in strong) + sum(not one.meaning.roles for one in used)
    certain = native or any(set(one.meaning.roles) - {"filler"} for one in strong)
    return _Reading(said, items, weight, certain)


def _stretches(reading: _Reading) -> list[tuple[int, int]]:
    """Where the text speaks of time, or asks to be reminded."""
    items, taken = reading.items, set()
    for start, end in reading.said.taken:
        taken |= set(range(start, end))
    left = [place for place in range(len(items)) if place not in taken and items[place].kind != "mark"]
    if left and items[left[0]].role("lead"):
        taken.add(left[0])
        taken |= {place for place in left[1:2] if items[place].role("link")}
    return [(items[place].start, items[place].end) for place in sorted(taken)]
