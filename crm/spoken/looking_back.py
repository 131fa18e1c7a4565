"""From what was said to a day that has been: whoever searches means the last Friday, and the last third of May."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from crm.spoken.days import Date
from crm.spoken.grammar import Said
from crm.spoken.words import MONTHS

WEEK = 7
YEARS = 9  # in which there is surely a 29 February


def last_day(said: Said, today: date) -> date | None:
    """The day that is meant: the last there was, save that tomorrow and a day with its year are what they are.

    None where more is said, or no day.
    """
    more = (said.clock, said.every, said.span, said.coming)
    if said.too_fine or any(one is not None for one in more):
        return None
    if said.offset is not None:
        return today + timedelta(days=said.offset)
    if said.weekday is not None:
        return today - timedelta(days=(today.weekday() - said.weekday) % WEEK)
    return _date(said.date, today) if said.date is not None and not said.date.last else None


def _date(asked: Date, today: date) -> date | None:
    with suppress(ValueError):  # 31 February
        if asked.year is not None:
            return date(asked.year, asked.month or 1, asked.day or 1)
    now = today.year * MONTHS + today.month - 1
    for back in range(YEARS * MONTHS if asked.year is None else 0):
        year, month = divmod(now - back, MONTHS)
        with suppress(ValueError):
            day = date(year, month + 1, asked.day or 1)
            if day <= today and asked.month in {None, day.month}:
                return day
    return None
