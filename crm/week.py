"""When a business works: how much of its time lies between two moments, and the moment after so much of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from crm.quiet import DAY, Hours, clock

DAYS = 7
ONE, SECOND = timedelta(days=1), timedelta(seconds=1)
LONG = timedelta(days=300)  # after which it is not said any more when a business opens


@dataclass(frozen=True, slots=True)
class Week:
    """The hours of each day from Monday on, and the days without any; one that has none at all works around the clock.

    Hours that end past the midnight after them go on into the next day. They are of the zone's clocks: the day on which
    summer time begins may have an hour less of them. Of an hour that clocks show twice, the first bounds them.
    """

    zone: str
    days: tuple[tuple[Hours, ...], ...] = ((),) * DAYS
    off: frozenset[date] = frozenset()

    @property
    def is_set(self) -> bool:
        """Whether anybody has said when the business works."""
        return any(self.days)

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """How much working time lies between two moments."""
        if not self.is_set:
            return max(until - since, timedelta())
        spent = timedelta()
        for opens, closes in self._openings(since):
            if opens >= until:
                break
            spent += min(closes, until) - opens
        return spent

    def after(self, since: datetime, work: timedelta) -> datetime:
        """The first moment at which so much has been worked since then."""
        if not self.is_set or work <= timedelta():
            return since + work
        for opens, closes in self._openings(since):
            if closes - opens >= work:
                return opens + work
            work -= closes - opens
        raise AssertionError  # there is always another week

    def before(self, until: datetime, work: timedelta) -> datetime:
        """The last moment from which so much has been worked until then."""
        if not self.is_set or work <= timedelta():
            return until - work
        for opens, closes in self._earlier(until):
            if closes - opens >= work:
                return closes - work
            work -= closes - opens
        raise AssertionError  # as above

    def closes(self, now: datetime) -> datetime | None:
        """Until when it is open; None where it is closed now, or always open."""
        if not self.is_set:
            return None
        last = now
        for opens, closes in self._openings(now):
            if opens > last or closes - now > DAYS * ONE:
                break
            last = closes  # at midnight it may open at once again
        return last if now < last <= now + (DAYS - 1) * ONE else None

    def opens(self, now: datetime) -> datetime | None:
        """When it opens; None where it is open now, or does not open for a long time."""
        if not self.is_set:
            return None
        opens, _ = next(self._openings(now))
        return opens if now < opens < now + LONG else None

    def _openings(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """From when to when it is open from this moment on, in order."""
        for day in self._days(since, ONE):
            yield from ((max(opens, since), closes) for opens, closes in self._on(day) if closes > since)

    def _earlier(self, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The same backwards, up to this moment."""
        for day in self._days(until, -ONE):
            yield from ((opens, min(closes, until)) for opens, closes in reversed(self._on(day)) if opens < until)

    def _days(self, moment: datetime, step: timedelta) -> Iterator[date]:
        """Days from the one before this moment's on, or from the one after it back: no zone is further away."""
        first = moment.date() - step
        return (first + number * step for number in count())

    def _on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Apart and in order: of this day, with what the one before has left over."""
        early = [Hours(0, one.ends - DAY) for one in self._hours(day - ONE) if one.ends > DAY]
        moments: list[tuple[datetime, datetime]] = []
        begun = 0
        for one in [*early, *self._hours(day)]:
            opens, closes = self._at(day, max(one.begins, begun)), self._at(day, min(one.ends, DAY))
            if opens < closes:
                moments.append((opens, closes))
            begun = max(begun, one.ends)
        return moments

    def _hours(self, day: date) -> tuple[Hours, ...]:
        return () if day in self.off else self.days[day.weekday()]

    def _at(self, day: date, minute: int) -> datetime:
        """When clocks show it first; where they skip it, the moment at which they do so."""
        if minute >= DAY:
            return self._at(day + ONE, minute - DAY)
        wall = datetime.combine(day, clock(minute), ZoneInfo(self.zone))
        moment, other = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
        if moment <= other:
            return moment
        after = wall.replace(fold=1).utcoffset()
        while moment - other > SECOND:
            middle = other + (moment - other) // 2
            if middle.astimezone(wall.tzinfo).utcoffset() == after:
                moment = middle
            else:
                other = middle
        return moment.replace(microsecond=0)
