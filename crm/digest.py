"""The morning digest: what waits, what is promised for today, and what came in, told to each member who wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit
from crm.access import Desk, Power, Room
from crm.errors import Invalid
from crm.moments import local
from crm.notices import tell
from crm.quiet import DAY, minute_of
from storage import digests, queues, reminders
from storage.columns import Json
from storage.contacts import Contact
from storage.digests import Digest, News
from storage.memberships import Membership
from storage.queues import Queue
from storage.reminders import Scope, Which

KIND = "morning_digest"  # what the outbox calls it
FIRST = 5  # of each list by name
LATE = 4 * 60  # minutes after which a morning is over, where the program did not run
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who waits since a time, or a promise that is due at one."""

    name: str
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class Morning:
    """What a member is told: how many, and the first of them."""

    at: datetime
    waiting: int
    mine: int
    longest: Sequence[Line]
    overdue: int
    today: int
    promised: Sequence[Line]
    news: News  # since yesterday's midnight


@dataclass(frozen=True, slots=True)
class Wish:
    """When a member wants to be told: minutes after midnight."""

    at: int
    weekends: bool


async def morning(desk: Desk) -> Morning:
    """The same, whenever it is asked for."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return await _morning(desk, session, desk.person.id)


async def _morning(room: Room, session: AsyncSession, person_id: int) -> Morning:
    mask = await room.mask_of(person_id)

    def called(contact: Contact) -> str:
        return mask.called(contact) if mask is not None and not contact.hidden else contact.name

    now, zone = room.installation.clock.now(), room.workspace.zone
    today = now.astimezone(ZoneInfo(zone)).date()
    scope = Scope(now, local(today + timedelta(days=1), time(), zone), person_id)
    counts = await queues.counted(session, person_id)
    longest = await queues.page(session, Queue.WAITING, person_id, offset=0, limit=FIRST)
    due = await reminders.due(session, scope)
    late = await reminders.page(session, scope, Which.OVERDUE, offset=0, limit=FIRST)
    coming = await reminders.page(session, scope, Which.TODAY, offset=0, limit=FIRST)
    return Morning(
        now,
        counts[Queue.WAITING],
        counts[Queue.MINE],
        [Line(called(contact), row.waiting_since or now) for contact, row in longest],
        due.overdue,
        due.today,
        [Line(called(contact), row.due_at or now, row.text) for row, contact in [*late, *coming][:FIRST]],
        await digests.news(session, local(today - timedelta(days=1), time(), zone)),
    )


async def wish(desk: Desk) -> Wish | None:
    """When this member wants it; None: never."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        row = await digests.of(session, desk.person.id)
    return Wish(row.at, row.weekends) if row else None


async def choose(desk: Desk, wanted: Wish | None) -> None:
    """Want it, or not. One whose time is past today begins tomorrow. Raises Invalid("time", "unclear")."""
    desk.need(Power.READ)
    if wanted is not None and not 0 <= wanted.at < DAY:
        raise Invalid("time", "unclear")
    now, zone = desk.installation.clock.now(), desk.workspace.zone
    async with desk.transaction() as session:
        if wanted is None:
            await digests.forget(session, desk.person.id)
        else:
            told = now.astimezone(ZoneInfo(zone)).date() if minute_of(now, zone) >= wanted.at else None
            await session.merge(Digest(person_id=desk.person.id, at=wanted.at, weekends=wanted.weekends, told_on=told))
        audit.record(desk, session, "digest.chosen", f"person:{desk.person.id}")


async def tell_all(room: Room) -> int:
    """Tell everybody whose time has come. Returns how many were told."""
    now, zone = room.installation.clock.now(), room.workspace.zone
    today, minute = now.astimezone(ZoneInfo(zone)).date(), minute_of(now, zone)
    async with room.reading() as session:
        if not await digests.wanted(session, today, minute):
            return 0
    told = 0
    async with room.transaction() as session:
        for row in await digests.wanted(session, today, minute):
            row.told_on = today
            session.add(row)
            if minute - row.at < LATE and (row.weekends or today.weekday() < SATURDAY):
                told += await _tell(room, session, row.person_id, today)
    return told


async def _tell(room: Room, session: AsyncSession, person_id: int, today: date) -> bool:
    """Whether he still has a seat here, and was told."""
    if await room.installation.registry.recall(Membership, (room.workspace.id or 0, person_id)) is None:
        await digests.forget(session, person_id)
        return False
    facts = pack(await _morning(room, session, person_id))
    await tell(room, session, person_id, KIND, key=f"{person_id}:{today}", name=room.workspace.name, morning=facts)
    return True


def pack(morning: Morning) -> Json:
    """A morning as a notice carries it until it is sent."""
    return {
        **{name: getattr(morning, name) for name in ("waiting", "mine", "overdue", "today")},
        **{name: [(one.name, one.at.isoformat(), one.text) for one in getattr(morning, name)] for name in LISTS},
        "news": (morning.news.messages, morning.news.contacts),
        "at": morning.at.isoformat(),
    }


LISTS = ("longest", "promised")


def unpack(facts: Json) -> Morning:
    """The morning of a notice."""
    lists = {name: [Line(who, datetime.fromisoformat(at), text) for who, at, text in facts[name]] for name in LISTS}
    at = datetime.fromisoformat(facts["at"])
    return Morning(**{**facts, **lists, "news": News(*facts["news"]), "at": at})
