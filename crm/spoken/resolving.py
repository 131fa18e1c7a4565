"""From what was said to a moment: the next one that fits, as the person who said it would expect.

- A time alone is the next time that clocks show it; 1 to 6 without more is in the afternoon.
- A day alone is its morning, at nine; a part of the day has its usual hour.
- A weekday, and a date without a year, is the next to come; today's weekday is in a week, unless one said "this".
- Days from now count whole days; hours and minutes count from this minute.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crm.moments import EVENING, MORNING, local
from crm.repeating import Every, Repetition
from crm.spoken.clocks import Clock, by_part
from crm.spoken.days import Date
from crm.spoken.grammar import Said
from crm.spoken.vocabulary import Part, Unit
from crm.spoken.words import HOURS, MONTHS, NOON

AFTERNOON = range(1, 7)  # hours of which nobody means the night
FURTHEST = 20  # years ahead
LEAP = 8  # years until there is surely a 29 February again
USUAL = {  # its hour, and until when it lasts
    Part.MORNING: (MORNING, 12),
    Part.AFTERNOON: (time(15), 18),
    Part.EVENING: (EVENING, 23),
    Part.TONIGHT: (time(20), 24),
    Part.NIGHT: (time(22), 24),
}


class Trouble(StrEnum):
    """Why there is no moment."""

    NOTHING = "no_time"  # none was said
    PAST = "past"
    NO_SUCH_DAY = "no_such_day"
    NO_SUCH_TIME = "no_such_time"
    TOO_FAR = "too_far"
    TOO_FINE = "too_fine"  # it comes again in a way that is not offered


class Misfit(Exception):  # noqa: N818  a kind, named as people say it
    """What was said leads to no moment."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Frame:
    """When and where it was said."""

    now: datetime
    zone: str

    @property
    def here(self) -> datetime:
        """What clocks show there."""
        return self.now.astimezone(ZoneInfo(self.zone))


def resolve(said: Said, frame: Frame) -> tuple[datetime, Repetition | None]:
    """The moment in UTC, and how it comes again. Raises Misfit."""
    try:
        moment, repetition = _resolved(said, frame)
    except (OverflowError, ValueError):
        raise Misfit(Trouble.TOO_FAR) from None
    if moment <= frame.now:
        raise Misfit(Trouble.PAST)
    if moment > frame.now + timedelta(days=366 * FURTHEST):
        raise Misfit(Trouble.TOO_FAR)
    return moment, repetition


def _resolved(said: Said, frame: Frame) -> tuple[datetime, Repetition | None]:
    if said.too_fine:
        raise Misfit(Trouble.TOO_FINE)
    if said.clock is not None and not _is_possible(said.clock):
        raise Misfit(Trouble.NO_SUCH_TIME)
    if said.every is not None:
        repetition = _repetition(said, frame, said.every)
        return repetition.after(frame.now, frame.zone), repetition
    if said.span is not None:
        return _from_now(said, said.span, frame), None
    if said.has_day:
        return _on_day(said, frame), None
    if said.clock is None and said.part is None:
        raise Misfit(Trouble.NOTHING)
    today = frame.here.date()
    moment = _at(today, said, frame)
    return (moment if moment > frame.now else _at(today + timedelta(days=1), said, frame)), None


def _is_possible(clock: Clock) -> bool:
    return clock.minute < 60 and (clock.hour < HOURS or (clock.hour, clock.minute) == (HOURS, 0))  # noqa: PLR2004


def _repetition(said: Said, frame: Frame, every: Every) -> Repetition:
    at, here = _clock(said), frame.here
    asked = said.date or Date()
    if said.weekday is not None and every is not Every.WEEK:  # every day but Sunday
        raise Misfit(Trouble.TOO_FINE)
    if every is Every.WEEK:
        one = here.weekday() if said.weekday is None else said.weekday
        return Repetition.on(said.weekdays or {one}, at)
    if every is Every.MONTH:
        return Repetition(every, at, _day_of_month(asked.day or here.day))
    if every is Every.YEAR:
        month, day = asked.month or here.month, asked.day or here.day
        return Repetition(every, at, _in_some_year(month, day).month * 100 + day)
    return Repetition(every, at)


def _from_now(said: Said, span: dict[Unit, float], frame: Frame) -> datetime:
    minutes = span.get(Unit.MINUTE, 0) + 60 * span.get(Unit.HOUR, 0)
    days = span.get(Unit.DAY, 0) + span.get(Unit.WORKDAY, 0) + 7 * span.get(Unit.WEEK, 0)
    months = int(span.get(Unit.MONTH, 0) + 12 * span.get(Unit.YEAR, 0))
    if minutes or days % 1:
        then = frame.now + timedelta(days=days, minutes=minutes)
        return (then + timedelta(seconds=30)).replace(second=0, microsecond=0)
    if not days and not months:
        raise Misfit(Trouble.PAST)
    day = _months_on(frame.here.date(), months) + timedelta(days=days)
    if said.weekday is not None:  # of that week
        day += timedelta(days=said.weekday - day.weekday())
    return _at(day, said, frame)


def _on_day(said: Said, frame: Frame) -> datetime:
    today = frame.here.date()
    if said.offset is not None:
        return _today(said, frame) if said.offset == 0 else _at(today + timedelta(days=said.offset), said, frame)
    if said.coming is not None:
        day = _coming(said, said.coming, today)
        if said.date is not None:
            day = _exactly(day.year, day.month, _within(said.date, day.year, day.month))
        return _at(day, said, frame)
    if said.weekday is not None:
        ahead = (said.weekday - today.weekday()) % 7
        return _at(today + timedelta(days=ahead or (0 if said.this else 7)), said, frame)
    return _on_date(said.date or Date(), said, frame)


def _today(said: Said, frame: Frame) -> datetime:
    """Today at nine means the evening once the morning is over; today alone is what is left of it."""
    today, here = frame.here.date(), frame.here
    moment = _at(today, said, frame)
    if moment > frame.now:
        return moment
    if said.clock is not None and said.clock.plain and 0 < said.clock.hour < NOON:
        return local(today, time(said.clock.hour + NOON, said.clock.minute), frame.zone)
    if said.clock is None:
        evening = local(today, EVENING, frame.zone)
        until = USUAL[said.part][1] if said.part is not None else HOURS
        if said.part is None and evening > frame.now:
            return evening
        if here.hour + 1 < until:
            return (frame.now + timedelta(hours=1)).replace(second=0, microsecond=0)
    return moment


def _coming(said: Said, unit: Unit, today: date) -> date:
    if unit is Unit.WEEK:
        return today + timedelta(days=7 - today.weekday() + (said.weekday or 0))
    return date(today.year + 1, 1, 1) if unit is Unit.YEAR else _months_on(today.replace(day=1), 1)


def _on_date(asked: Date, said: Said, frame: Frame) -> datetime:
    today = frame.here.date()
    if asked.year is not None:
        return _at(_exactly(asked.year, asked.month or 1, asked.day or 1), said, frame)
    if asked.month is not None:
        _in_some_year(asked.month, asked.day or 1)
        days = [(today.year + years, asked.month) for years in range(LEAP + 1)]
    else:
        _day_of_month(asked.day or 1)
        firsts = [_months_on(today.replace(day=1), ahead) for ahead in range(3)]
        days = [(first.year, first.month) for first in firsts]
    for year, month in days:
        day = _within(asked, year, month)
        if day <= calendar.monthrange(year, month)[1]:
            moment = _at(date(year, month, day), said, frame)
            if moment > frame.now:
                return moment
    raise Misfit(Trouble.NO_SUCH_DAY)


def _within(asked: Date, year: int, month: int) -> int:
    """The day that is asked for in this month."""
    return calendar.monthrange(year, month)[1] if asked.last else asked.day or 1


def _exactly(year: int, month: int, day: int) -> date:
    if not (1 <= month <= MONTHS and 1 <= day <= calendar.monthrange(max(1, year), month)[1]):
        raise Misfit(Trouble.NO_SUCH_DAY)
    return date(year, month, day)


def _in_some_year(month: int, day: int) -> date:
    return _exactly(2000, month, day)


def _day_of_month(day: int) -> int:
    return _exactly(2000, 1, day).day


def _months_on(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, MONTHS)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _at(day: date, said: Said, frame: Frame) -> datetime:
    """This day at the time that was said; of a time that clocks show twice, the first that is still to come."""
    if said.clock is not None and said.clock.hour == HOURS:
        return local(day + timedelta(days=1), time(), frame.zone)
    at = _clock(said)
    moment = local(day, at, frame.zone)
    again = datetime.combine(day, at.replace(fold=1), ZoneInfo(frame.zone)).astimezone(UTC)
    return again if moment <= frame.now < again else moment


def _clock(said: Said) -> time:
    """The time of day that is meant."""
    if said.clock is None:
        return MORNING if said.part is None else USUAL[said.part][0]
    hour = said.clock.hour % HOURS
    if said.part is not None:
        hour = by_part(hour, said.part)
    elif said.clock.plain and hour in AFTERNOON:
        hour += NOON
    return time(hour, said.clock.minute)
