"""Quiet hours: what Wysper says unasked comes without a sound then. Nothing is held back by them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit
from crm.access import Desk, Power, Room
from crm.errors import Invalid
from storage import quiet
from storage.quiet import QuietHours

HOUR, DAY = 60, 24 * 60  # minutes
_TIME = r"(\d{1,2})(?:\s*[:.h]\s*(\d{2}))?\s*(?:([ap])\.?m\.?)?"
_SPAN = re.compile(rf"\D*?{_TIME}\D+?{_TIME}\D*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hours:
    """From a time of the day until another, over midnight where that is earlier; minutes after midnight."""

    begins: int
    ends: int

    def hold(self, minute: int) -> bool:
        """Whether a minute of the day is among them."""
        if self.begins < self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


def read(text: str) -> Hours:
    """The hours that somebody wrote: "22-8", "from 21:30 to 7:15", "10pm–7am". Raises Invalid("hours", "unclear")."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise Invalid("hours", "unclear")
    begins, ends = _minute(*found.group(1, 2, 3)), _minute(*found.group(4, 5, 6))
    if begins == ends:
        raise Invalid("hours", "unclear")
    return Hours(begins, ends)


def _minute(hour: str, minute: str | None, half: str | None) -> int:
    number, rest = int(hour), int(minute or 0)
    if half is not None and 1 <= number <= 12:  # noqa: PLR2004  twelve hours on the clock's face
        number = number % 12 + (12 if half in "pP" else 0)
    elif half is not None:
        raise Invalid("hours", "unclear")
    if number * HOUR + rest > DAY or rest >= HOUR:
        raise Invalid("hours", "unclear")
    return (number * HOUR + rest) % DAY


def clock(minute: int) -> time:
    """A minute of the day as a time."""
    return time(*divmod(minute, HOUR))


def minute_of(moment: datetime, zone: str) -> int:
    """The minute of the day on this zone's clock."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.hour * HOUR + local.minute


async def are_now(room: Room, session: AsyncSession, person_id: int) -> bool:
    """Whether this member wants to hear no sound now."""
    row = await quiet.of(session, person_id)
    now = minute_of(room.installation.clock.now(), room.workspace.zone)
    return row is not None and Hours(row.begins, row.ends).hold(now)


async def mine(desk: Desk) -> Hours | None:
    """The member's own hours; None: none."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        row = await quiet.of(session, desk.person.id)
    return Hours(row.begins, row.ends) if row else None


async def keep(desk: Desk, hours: Hours | None) -> None:
    """Choose them; None for none. Raises Invalid("hours", "unclear") for times that no day has."""
    desk.need(Power.READ)
    if hours is not None and not (0 <= hours.begins < DAY and 0 <= hours.ends < DAY and hours.begins != hours.ends):
        raise Invalid("hours", "unclear")
    async with desk.transaction() as session:
        if hours is None:
            await quiet.forget(session, desk.person.id)
        else:
            await session.merge(QuietHours(person_id=desk.person.id, begins=hours.begins, ends=hours.ends))
        audit.record(desk, session, "quiet_hours.chosen", f"person:{desk.person.id}")
