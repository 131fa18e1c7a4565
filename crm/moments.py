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
        Moment.EVENING: local(today, EVENING, zone),
        Moment.TOMORROW: local(today + timedelta(days=1), MORNING, zone),
        Moment.MONDAY: local(today + timedelta(days=7 - today.weekday()), MORNING, zone),
        Moment.WEEK: local(today + timedelta(days=7), MORNING, zone),
        Moment.MONTH: local(today + timedelta(days=30), MORNING, zone),
    }
    if moments[Moment.EVENING] - now < LATE:
        del moments[Moment.EVENING]
    known: dict[Moment, datetime] = {}
    for moment, at in sorted(moments.items(), key=lambda pair: pair[1]):
        if at not in known.values():
            known[moment] = at
    return known


def local(day: date, clock: time, zone: str) -> datetime:
    """The moment of this day at which clocks in this zone show this time, in UTC.

    What they skip when summer time begins is as long after the jump as it would have been without; of what they show
    twice when it ends, it is the first (PEP 495: fold=0 stands for both).
    """
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)
