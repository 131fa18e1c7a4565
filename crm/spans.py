"""Spans of days, as people say them: the last ones, or from a day to a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crm.errors import Invalid

Bounds = tuple[datetime | None, datetime | None]
FIRST, LAST = 1970, 2100  # years; nothing in Telegram is older or newer
CENTURY = 2000  # of a year that is written with two digits
_DATE = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<sign>[-./])(?P<then>\d{1,2})(?:(?P=sign)(?P<last>\d{4}|\d{2})?)?)(?!\d)"
)
_NUMBER = re.compile(r"\d")


class Span(StrEnum):
    """What can be chosen."""

    ALL = ""
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    TYPED = "typed"


DAYS = {Span.TODAY: 1, Span.WEEK: 7, Span.MONTH: 30, Span.YEAR: 365}


def last_days(span: Span, now: datetime, zone: str) -> Bounds:
    """From the first moment of so many days, today among them, in this zone; no end."""
    if span not in DAYS:
        return None, None
    first = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=DAYS[span] - 1)
    return _midnight(first, zone), None


def typed(text: str, now: datetime, zone: str) -> Bounds:
    """One day or the days from one to another, both included, as 31.12.2025, 31.12.25 or 2025-12-31.

    Without a year, 31.12. is the last one there was. Raises Invalid("dates").
    """
    try:
        first, last = _days(text, now.astimezone(ZoneInfo(zone)).date())
    except ValueError as error:  # 31.2.2025, 3.5.0001, no day at all
        raise Invalid("dates", "mismatch") from error
    return _midnight(min(first, last), zone), _midnight(max(first, last) + timedelta(days=1), zone)


def ahead(text: str, today: date) -> tuple[date, date, str]:
    """One day or the days from one to another that are to come, and the words beside them. Raises Invalid("dates").

    Without a year, 31.12. is the next one there will be.
    """
    found = list(_DATE.finditer(text))
    try:
        match [_Written.read(one) for one in found]:
            case [one]:
                first = last = one.since(today)
            case [one, other]:
                first = one.since(today)
                last = other.since(first)
            case _:
                raise Invalid("dates", "mismatch")
    except ValueError as error:
        raise Invalid("dates", "mismatch") from error
    return first, last, " ".join(text[found[-1].end() :].strip(" .,:;-–—").split())


def _days(text: str, today: date) -> tuple[date, date]:
    """Both ends. Raises ValueError where there are none, or more, or a number that belongs to neither."""
    if _NUMBER.search(_DATE.sub("", text)):
        raise ValueError(text)
    ends = [_Written.read(found) for found in _DATE.finditer(text)]
    match ends:
        case [one]:
            return one.until(today), one.until(today)
        case [one, other]:
            first = one.until(other.until(today) if other.year else today)
            return first, other.since(first)
    raise ValueError(text)


@dataclass(frozen=True, slots=True)
class _Written:
    """A day as it was written, perhaps without its year."""

    day: int
    month: int
    year: int | None

    @classmethod
    def read(cls, found: re.Match[str]) -> _Written:
        if found["year"]:
            return cls(int(found["day"]), int(found["month"]), int(found["year"]))
        last = found["last"]
        year = int(last) + (CENTURY if len(last) == len("25") else 0) if last else None
        return cls(int(found["first"]), int(found["then"]), year)

    def until(self, end: date) -> date:
        """The last such day up to this one; with a year, that day."""
        return next(day for day in self._in(range(end.year, FIRST, -1)) if self.year or day <= end)

    def since(self, start: date) -> date:
        """The first such day from this one on; with a year, that day."""
        return next(day for day in self._in(range(start.year, LAST)) if self.year or day >= start)

    def _in(self, years: Iterable[int]) -> Iterator[date]:
        if self.year:
            if not FIRST <= self.year <= LAST:
                raise ValueError(self.year)
            yield date(self.year, self.month, self.day)
        for year in years:
            with suppress(ValueError):  # the 29th of February
                yield date(year, self.month, self.day)
        raise ValueError(self)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
