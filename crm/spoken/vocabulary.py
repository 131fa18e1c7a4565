"""The words by which a language tells the time, as data; what people type is looked up among them without accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from functools import cached_property
from typing import Any

from crm.repeating import Every

WEAK = "~"  # before a short form, which in another language may be a whole word
Key = tuple[str, ...]


class Unit(StrEnum):
    """What time is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Part(StrEnum):
    """A part of the day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    TONIGHT = "tonight"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase may be, by the parts of speech of `crm.spoken.grammar`; `weak` if it is a short form."""

    roles: dict[str, Any] = field(default_factory=dict)
    weak: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """One language. Forms of a word stand beside one another, parted by `|`; articles count as `filler`."""

    days: Mapping[int, str]  # from today on
    weekdays: Sequence[str]  # from Monday on
    months: Sequence[str]
    units: Mapping[Unit, str]
    numbers: Mapping[int, str]
    spans: Mapping[int, str]  # in minutes: half an hour
    parts: Mapping[Part, str]
    clocks: Mapping[time, str]
    repeats: Mapping[Every, str]
    into: str  # in (two hours)
    at: str
    on: str
    next: str
    this: str
    every: str
    oclock: str
    conjunction: str
    filler: str
    lead: str  # what stands before what is to be done: remind me
    link: str = ""  # and between: to
    later: str = ""  # (two hours) later
    other: str = ""  # every other
    weekly: Sequence[str] = ()  # on Mondays, in one word
    day_parts: Mapping[tuple[int, Part], str] = field(default_factory=dict)  # tonight
    before_hour: Mapping[int, str] = field(default_factory=dict)  # minutes from the hour that follows: half past
    after_hour: Mapping[int, str] = field(default_factory=dict)  # from the one that precedes: y media
    and_half: str = ""  # of the unit before
    ordinal: str = ""  # endings of a number that counts days of a month
    day_of_month: str = ""  # a word that says so
    month_end: str = ""
    after_year: str = ""  # what stands behind the number of a year
    am: str = ""
    pm: str = ""

    @cached_property
    def phrases(self) -> dict[Key, Meaning]:
        """Every phrase of the language with all that it may be."""
        found: dict[Key, Meaning] = {}
        for role, value, form in self._forms():
            weak = form.startswith(WEAK)
            key = fold(form.removeprefix(WEAK))
            before = found.get(key)
            if before is not None:
                before.roles.setdefault(role, value)
            found[key] = Meaning(before.roles if before else {role: value}, weak and (before is None or before.weak))
        return found

    @cached_property
    def longest(self) -> int:
        """Words in the longest phrase."""
        return max(map(len, self.phrases))

    def _forms(self) -> Iterator[tuple[str, Any, str]]:
        listed: dict[str, Iterable[tuple[Any, str]]] = {
            "day": self.days.items(),
            "weekday": enumerate(self.weekdays),
            "weekly": enumerate(self.weekly),
            "month": enumerate(self.months, 1),
            "unit": self.units.items(),
            "number": self.numbers.items(),
            "span": self.spans.items(),
            "part": self.parts.items(),
            "day_part": self.day_parts.items(),
            "clock": self.clocks.items(),
            "repeat": self.repeats.items(),
            "before": self.before_hour.items(),
            "after": self.after_hour.items(),
        }
        plain = (
            "into",
            "at",
            "on",
            "next",
            "this",
            "every",
            "oclock",
            "conjunction",
            "filler",
            "lead",
            "link",
            "later",
        )
        for role in (*plain, "other", "and_half", "ordinal", "day_of_month", "month_end", "after_year", "am", "pm"):
            listed[role] = [(True, getattr(self, role))]
        for role, entries in listed.items():
            for value, forms in entries:
                yield from ((role, value, form) for form in forms.split("|") if form)


def fold(phrase: str) -> Key:
    """The words of a phrase as they are compared: small, without accents, parted at hyphens and apostrophes."""
    return tuple(plain(word) for word in phrase.replace("-", " ").replace("'", " ").replace("’", " ").split())


def plain(word: str) -> str:
    """One word as it is compared."""
    parts = unicodedata.normalize("NFKD", word.casefold().replace("ł", "l"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
