"""Days in filters: written in numbers, a whole year, or said in words in any of our languages."""

from __future__ import annotations

from datetime import date, datetime

from crm import spans, spoken
from crm.errors import Invalid

YEAR = len("2025")


def bounds(text: str, now: datetime, zone: str, language: str) -> spans.Bounds:
    """The first moment of what was said and the one behind its last. Raises Invalid("dates")."""
    if text.isdecimal() and len(text) == YEAR:
        return spans.typed(f"{date.min.replace(int(text) or 1).isoformat()} {text}-12-31", now, zone)
    try:
        return spans.typed(text, now, zone)
    except Invalid:
        day = spoken.day(text, now, zone, language)
        if day is None:
            raise
        return spans.typed(day.isoformat(), now, zone)


def is_day(text: str, now: datetime, zone: str, language: str) -> bool:
    """Whether all of a text says one day, or a year."""
    return (text.isdecimal() and len(text) == YEAR) or spoken.day(text, now, zone, language) is not None
