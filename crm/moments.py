"""Moments ahead, as people put things off: in an hour, this evening, tomorrow, on Monday."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MORNING, EVENING = time(9), time(18)
LATE = timedelta(hours=2)  # before the evening; then it is evening already


class Moment(StrEnum):
    """What is offered."""

    HOUR = "hour"
    EVENING = "evening"
    TOMORROW = "tomorrow"
    MONDAY = "monday"
    WEEK = "week"
    MONTH = "month"


def ahead(now: datetime, zone: str) -> dict[Moment, datetime]:
    """When each of them is, in this zone and in the order of time; one that is no other than the last is left out."""
    here = now.astimezone(ZoneInfo(zone))
    today = here.date()
    moments = {
        Moment.HOUR: now + timedelta(hours=1),
        Moment.EVENING: _at(today, EVENING, zone),
        Moment.TOMORROW: _at(today + timedelta(days=1), MORNING, zone),
        Moment.MONDAY: _at(today + timedelta(days=7 - today.weekday()), MORNING, zone),
        Moment.WEEK: _at(today + timedelta(days=7), MORNING, zone),
        Moment.MONTH: _at(today + timedelta(days=30), MORNING, zone),
    }
    if moments[Moment.EVENING] - now < LATE:
        del moments[Moment.EVENING]
    known: dict[Moment, datetime] = {}
    for moment, at in sorted(moments.items(), key=lambda pair: pair[1]):
        if at not in known.values():
            known[moment] = at
    return known


def _at(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)
