"""Working hours of a workspace: the spans of each weekday, the days off, and whether it is open now."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, quiet, spans
from crm.access import Desk, Power, Room
from crm.errors import Invalid, NotFound
from crm.quiet import DAY, Hours
from crm.week import DAYS, ONE, Week
from storage import settings

NAME = "working_hours"  # of the setting
SPANS, WORDS, OFF, LONGEST = 6, 60, 366, 60  # of a day; of a day off's name; days off; days in a row
_PART = re.compile(r"\s*(?:[,;+&\n]|\b(?:and|und|y|et|e|i|и|та|і)\b)\s*", re.IGNORECASE)
Day = tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The week, what its days off are called, and whether an earlier week can be put back."""

    week: Week
    names: dict[date, str]
    can_undo: bool


async def of(room: Room, session: AsyncSession) -> Week:
    """When this workspace works."""
    return _week(room, await settings.read(session, NAME, {}))


async def calendar(desk: Desk) -> Calendar:
    """The same with its names, for whoever looks at it."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        kept = await settings.read(session, NAME, {})
    names = {date.fromisoformat(day): name for day, name in kept.get("off", {}).items()}
    return Calendar(_week(desk, kept), names, "before" in kept)


def _week(room: Room, kept: dict[str, Any]) -> Week:
    days = tuple(tuple(Hours(*span) for span in day) for day in kept.get("days", [[]] * DAYS))
    return Week(room.workspace.zone, days, frozenset(map(date.fromisoformat, kept.get("off", {}))))


def read(text: str) -> Day:
    """The hours of a day as people write them: "9-18", "9-13, 14-18", "10am to 2am". Raises Invalid("hours", …)."""
    found = [_span(part) for part in _PART.split(text.strip()) if part]
    return _sound(found) if found else _unclear()


def _span(text: str) -> Hours:
    with suppress(Invalid):
        hours = quiet.read(text)
        return Hours(hours.begins, hours.ends if hours.ends > hours.begins else hours.ends + DAY)
    if re.fullmatch(r"\D*0{1,2}(?:[:.]00)?\D+24(?:[:.]00)?\D*", text):
        return Hours(0, DAY)
    raise Invalid("hours", "unclear")


def _sound(spans_: Sequence[Hours]) -> Day:
    """In their order, none in another."""
    day = tuple(sorted(spans_, key=lambda one: one.begins))
    if len(day) > SPANS or any(
        not (0 <= one.begins < DAY and one.begins < one.ends <= one.begins + DAY) for one in day
    ):
        _unclear()
    if any(later.begins < one.ends for one, later in pairwise(day)):
        raise Invalid("hours", "overlap")
    return day


def _unclear() -> Day:
    raise Invalid("hours", "unclear")


async def put(desk: Desk, weekdays: Sequence[int], day: Day, *, rest: Day | None = None) -> None:
    """Say when these weekdays begin and end; `()` is closed. `rest`: what becomes of the others. Raises Invalid."""
    sound, rest = _sound(day), None if rest is None else _sound(rest)
    if not set(weekdays) <= set(range(DAYS)):
        raise NotFound("weekday")
    await _change(desk, lambda days: [sound if at in weekdays else (one if rest is None else rest)
                                      for at, one in enumerate(days)])  # fmt: skip


async def copy(desk: Desk, weekday: int, last: int) -> None:
    """Let the days from Monday to this last one be as a weekday is. Raises NotFound."""
    if not (0 <= weekday < DAYS and 0 <= last < DAYS):
        raise NotFound("weekday")
    await _change(desk, lambda days: [days[weekday] if at <= last else one for at, one in enumerate(days)])


async def forget(desk: Desk) -> None:
    """Count every hour again."""
    await _change(desk, lambda _days: [()] * DAYS)


async def _change(desk: Desk, change: Callable[[Sequence[Day]], Sequence[Day]]) -> None:
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        kept = await settings.read(session, NAME, {})
        was = _week(desk, kept).days
        days = change(was)
        if tuple(days) != was:
            await settings.write(session, NAME, {**kept, "days": _plain(days), "before": _plain(was)})
            audit.record(desk, session, "working_hours.changed")


async def undo(desk: Desk) -> None:
    """Put the week back as it was before the last change, and be able to undo that. Raises NotFound."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        kept = await settings.read(session, NAME, {})
        if "before" not in kept:
            raise NotFound("hours")
        now = _plain(_week(desk, kept).days)
        await settings.write(session, NAME, {**kept, "days": kept["before"], "before": now})
        audit.record(desk, session, "working_hours.changed")


def _plain(days: Sequence[Day]) -> list[list[tuple[int, int]]]:
    return [[(one.begins, one.ends) for one in day] for day in days]


async def take_off(desk: Desk, text: str) -> list[date]:
    """Close on a day or on several in a row, as written: "25.12. Christmas", "1.8.-14.8. holidays". Returns which.

    Raises Invalid("dates", …) where there is none, or where it is long ago or far ahead, Invalid("name", "too_long").
    """
    desk.need(Power.MANAGE)
    today = desk.installation.clock.now().astimezone(ZoneInfo(desk.workspace.zone)).date()
    first, last, name = spans.ahead(text, today)
    if len(name) > WORDS:
        raise Invalid("name", "too_long", WORDS)
    if not today <= first <= last < first + LONGEST * ONE:
        raise Invalid("dates", "mismatch")
    closed = [first + number * ONE for number in range((last - first).days + 1)]
    async with desk.transaction() as session:
        kept = await settings.read(session, NAME, {})
        off = {**kept.get("off", {}), **{day.isoformat(): name for day in closed}}
        if len(off) > OFF:  # those that are over are the first to go
            off = dict(sorted(off.items())[-OFF:])
        await settings.write(session, NAME, {**kept, "off": off})
        audit.record(desk, session, "day_off.added", count=len(closed))
    return closed


async def put_on(desk: Desk, day: date) -> str:
    """Open on a day off after all. Returns what it was called. Raises NotFound."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        kept = await settings.read(session, NAME, {})
        off = dict(kept.get("off", {}))
        if day.isoformat() not in off:
            raise NotFound("day_off")
        name: str = off.pop(day.isoformat())
        await settings.write(session, NAME, {**kept, "off": off})
        audit.record(desk, session, "day_off.removed")
    return name
