"""What comes again: every day, weekday, week, month or year, at a time of day that no summer time moves."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crm.moments import local

FRIDAY, SUNDAY, DECEMBER = 4, 6, 12


class Every(StrEnum):
    """How often."""

    DAY = "daily"
    WEEKDAY = "weekdays"  # Monday to Friday
    WEEK = "weekly"
    MONTH = "monthly"
    YEAR = "yearly"


@dataclass(frozen=True, slots=True)
class Repetition:
    """`day` is 0 to 6 from Monday on in a week, 1 to 31 in a month, 101 to 1231 in a year; else it says nothing.

    A month that is too short for its day has its last day instead.
    """

    every: Every
    at: time
    day: int = 0

    @classmethod
    def of(cls, every: Every, moment: datetime, zone: str) -> Repetition:
        """So that it falls on this moment."""
        here = moment.astimezone(ZoneInfo(zone))
        day = {Every.WEEK: here.weekday(), Every.MONTH: here.day, Every.YEAR: here.month * 100 + here.day}
        return cls(every, time(here.hour, here.minute), day.get(every, 0))

    def __str__(self) -> str:
        """As it is kept, and carried by buttons."""
        return f"{self.every}-{self.day}-{self.at:%H%M}"

    @classmethod
    def read(cls, kept: str | None) -> Repetition | None:
        """What `str` gave; None for anything else, as a forged button may carry it."""
        try:
            every, day, clock = (kept or "").split("-")
            read = cls(Every(every), time(int(clock[:2]), int(clock[2:])), int(day))
        except ValueError:
            return None
        return read if str(read) == kept and read._is_possible() else None

    def _is_possible(self) -> bool:
        month, day = divmod(self.day, 100)
        return {
            Every.WEEK: 0 <= self.day <= SUNDAY,
            Every.MONTH: 1 <= self.day <= 31,  # noqa: PLR2004
            Every.YEAR: 1 <= month <= DECEMBER and 1 <= day <= calendar.monthrange(2000, month)[1],
        }.get(self.every, self.day == 0)

    def after(self, moment: datetime, zone: str) -> datetime:
        """The first time after this moment, in UTC."""
        day = moment.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
        while (then := local(day := self._next(day), self.at, zone)) <= moment:
            pass
        return then

    def _next(self, day: date) -> date:
        """The first day after this one."""
        if self.every is Every.YEAR:
            month, wanted = divmod(self.day, 100)
            here = _in_month(day.year, month, wanted)
            return here if here > day else _in_month(day.year + 1, month, wanted)
        if self.every is Every.MONTH:
            here = _in_month(day.year, day.month, self.day)
            return here if here > day else _in_month(day.year + day.month // 12, day.month % 12 + 1, self.day)
        day += timedelta(days=1)
        while not self._falls_on(day.weekday()):
            day += timedelta(days=1)
        return day

    def _falls_on(self, weekday: int) -> bool:
        if self.every is Every.WEEK:
            return weekday == self.day
        return self.every is Every.DAY or weekday <= FRIDAY


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
