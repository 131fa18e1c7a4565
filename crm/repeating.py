"""What comes again: every day, on some days of the week, each month or year, at a time that no summer time moves."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crm.moments import local

WORKDAYS, ALL_WEEK = range(5), range(7)  # from Monday on
DECEMBER = 12


class Every(StrEnum):
    """How often."""

    DAY = "daily"
    WEEKDAY = "weekdays"  # Monday to Friday
    WEEK = "weekly"
    MONTH = "monthly"
    YEAR = "yearly"


def digits(weekdays: Collection[int]) -> int:
    """Days of the week, 0 for Monday, as one number: 0 and 3 are 14."""
    return int("".join(str(day + 1) for day in sorted({*weekdays})))


@dataclass(frozen=True, slots=True)
class Repetition:
    """`day` has a digit for each day of a week, 1 for Monday; 1 to 31 in a month, 101 to 1231 in a year; else it is 0.

    A month that is too short for its day has its last day instead.
    """

    every: Every
    at: time
    day: int = 0

    @classmethod
    def of(cls, every: Every, moment: datetime, zone: str) -> Repetition:
        """So that it falls on this moment."""
        here = moment.astimezone(ZoneInfo(zone))
        day = {Every.WEEK: here.isoweekday(), Every.MONTH: here.day, Every.YEAR: here.month * 100 + here.day}
        return cls(every, time(here.hour, here.minute), day.get(every, 0))

    @classmethod
    def on(cls, weekdays: Collection[int], at: time) -> Repetition:
        """On these days of the week, 0 for Monday, of which there is one at least."""
        if {*weekdays} == {*ALL_WEEK}:
            return cls(Every.DAY, at)
        if {*weekdays} == {*WORKDAYS}:
            return cls(Every.WEEKDAY, at)
        return cls(Every.WEEK, at, digits(weekdays))

    @property
    def weekdays(self) -> Sequence[int]:
        """The days of the week that it falls on, 0 for Monday; none where it does not go by weeks."""
        if self.every is Every.WEEK:
            return [int(digit) - 1 for digit in str(self.day)]
        return {Every.DAY: ALL_WEEK, Every.WEEKDAY: WORKDAYS}.get(self.every, ())

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
            Every.WEEK: self._is_of_the_week(),
            Every.MONTH: 1 <= self.day <= 31,  # noqa: PLR2004
            Every.YEAR: 1 <= month <= DECEMBER and 1 <= day <= calendar.monthrange(2000, month)[1],
        }.get(self.every, self.day == 0)

    def _is_of_the_week(self) -> bool:
        days = self.weekdays
        return bool(days) and {*days} <= {*ALL_WEEK} and Repetition.on(days, self.at) == self

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
        while day.weekday() not in self.weekdays:
            day += timedelta(days=1)
        return day


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
