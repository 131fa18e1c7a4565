"""Spans of days, as people say them: the last ones, or from a day to a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crm.errors import Invalid

Bounds = tuple[datetime | None, datetime | None]
_DATE = re.compile(r"(?<!\d)(?:(\d{4})[-./](\d{1,2})[-./](\d{1,2})|(\d{1,2})[-./](\d{1,2})[-./](\d{4}))(?!\d)")
TWO = 2


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


def typed(text: str, zone: str) -> Bounds:
    """One day or the days from one to another, both included, as 31.12.2025 or 2025-12-31. Raises Invalid("dates")."""
    days = list(_dates(text))
    if not 1 <= len(days) <= TWO:
        raise Invalid("dates", "mismatch")
    try:
        return _midnight(min(days), zone), _midnight(max(days) + timedelta(days=1), zone)
    except OverflowError as error:
        raise Invalid("dates", "mismatch") from error


def _dates(text: str) -> Iterator[date]:
    for found in _DATE.finditer(text):
        year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        with suppress(ValueError):  # 31.2.2025
            yield date(int(year), int(month), int(day))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
