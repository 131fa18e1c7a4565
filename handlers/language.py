"""The words, dates and numbers of one reader's language and zone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    format_timedelta,
    get_date_format,
    get_datetime_format,
    get_day_names,
)
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

FOLDER = Path(__file__).resolve().parent.parent / "locales"
SOURCE = "en"
THOUSAND = 1000
NEAR = timedelta(hours=20)  # what is nearer is told in hours
LEAP = 2000  # a year that has every day
YEAR = re.compile(r"[, ]*('de' )?y.*")  # and what belongs to it, at the end of a date in every language of ours
UNITS = ("digital-kilobyte", "digital-megabyte", "digital-gigabyte")


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads the words that are being written."""

    language: str = SOURCE
    zone: str = "UTC"
    year: int | None = None  # the one that goes without saying


NOBODY = Reader()
_reader: ContextVar[Reader] = ContextVar("reader")


@contextmanager
def speaking(language: str | None, zone: str = "UTC", now: datetime | None = None) -> Iterator[None]:
    """Speak to this reader until the block ends, in the language that fits his.

    With the present moment, what is of its year is told without the year; what is to last is written without it.
    """
    token = _reader.set(Reader(fitting(language), zone, now.astimezone(ZoneInfo(zone)).year if now else None))
    try:
        yield
    finally:
        _reader.reset(token)


@cache
def languages() -> dict[str, str]:
    """Every language that has a catalog, by code, with its own name for itself."""
    codes = [SOURCE, *sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/wysper.po"))]
    return {code: (Locale.parse(code).get_display_name(code) or code).capitalize() for code in dict.fromkeys(codes)}


def fitting(code: str | None) -> str:
    """Ours for a language as Telegram names it (pt-br, zh-hans, de), whatever the region; else English."""
    language = re.split("[-_]", (code or SOURCE).lower(), maxsplit=1)[0]
    return language if language in languages() else SOURCE


@cache
def _catalog(language: str) -> NullTranslations:
    path = FOLDER / language / "LC_MESSAGES" / "wysper.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def current() -> Reader:
    """The reader of this moment."""
    return _reader.get(NOBODY)


def _(text: str) -> str:
    """The text in the reader's language."""
    return _catalog(current().language).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form that this count takes in the reader's language."""
    return _catalog(current().language).ngettext(one, many, count)


def number(value: float) -> str:
    """A number with the reader's separators."""
    return format_decimal(value, locale=current().language)


def percent(share: float) -> str:
    """A share of one, rounded down, as the reader writes a percentage."""
    return format_percent(int(share * 100) / 100, locale=current().language)


def size(count: int) -> str:
    """A number of bytes as people say it."""
    if count < THOUSAND:
        return format_unit(count, "digital-byte", "long", locale=current().language)
    value, unit = count / THOUSAND, 0
    while round(value, 1) >= THOUSAND and unit < len(UNITS) - 1:
        value, unit = value / THOUSAND, unit + 1
    return format_unit(round(value, 1), UNITS[unit], "short", locale=current().language)


def day(moment: datetime) -> str:
    """The date, in the reader's zone."""
    return format_date(_local(moment), format="long", locale=current().language)


def date(moment: datetime) -> str:
    """The date without its year, as short as a button wants it, in the reader's zone."""
    return format_skeleton("MMMd", _local(moment), locale=current().language).replace(" de ", " ")


def language_name(code: str) -> str:
    """A language that Telegram names by its code, in the reader's words."""
    try:
        return Locale.parse(code, sep="-").get_display_name(current().language) or code
    except (UnknownLocaleError, ValueError):
        return code


def clock(moment: datetime) -> str:
    """The time of day, in the reader's zone."""
    return format_time(_local(moment), format="short", locale=current().language)


def exactly(moment: datetime, now: datetime) -> str:
    """Weekday, date and time, in the reader's zone; the year where it is another one."""
    here, whole = _local(moment), str(get_date_format("full", locale=current().language))
    pattern = whole if here.year != _local(now).year else YEAR.sub("", whole)
    return f"{format_date(here, format=pattern, locale=current().language)}, {clock(moment)}"


def distance(moment: datetime, now: datetime) -> str:
    """How far a moment is ahead or behind: in 8 days, 2 hours ago; days as the reader's calendar counts them."""
    near = abs(moment - now) < NEAR
    apart = moment - now if near else timedelta(days=(_local(moment).date() - _local(now).date()).days)
    unit: Literal["minute", "day"] = "minute" if near else "day"
    return format_timedelta(apart, granularity=unit, threshold=2, add_direction=True, locale=current().language)


def weekday(number: int) -> str:
    """A day of the week, from Monday on, as it stands alone."""
    return str(get_day_names("wide", context="stand-alone", locale=current().language)[number])


def short_weekday(number: int) -> str:
    """The same, as short as a button wants it."""
    return str(get_day_names("abbreviated", context="stand-alone", locale=current().language)[number])


def listed(words: Sequence[str]) -> str:
    """Several things as the reader lists them: Monday, Friday and Sunday."""
    return str(format_list(words, locale=current().language))


def month_day(month: int, number: int) -> str:
    """A day of any year, as the reader writes it."""
    return format_skeleton("MMMMd", datetime(LEAP, month, number, tzinfo=UTC), locale=current().language)


def time_of_day(at: time) -> str:
    """A time of day without a date."""
    return format_time(at, format="short", locale=current().language)


def when(moment: datetime) -> str:
    """Date and time to the minute, in the reader's zone; the year where it does not go without saying."""
    here, locale = _local(moment), current().language
    short = here.year == current().year
    written = format_skeleton("MMMd", here, locale=locale) if short else format_date(here, "medium", locale=locale)
    return str(get_datetime_format("medium", locale=locale)).format(clock(moment), written)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(current().zone))
