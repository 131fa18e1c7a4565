"""Reminders: what was promised to whom, and when somebody is to be told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, delete, func, or_, update
from sqlalchemy import select as sql_select
from sqlmodel import Field, and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable
from storage.contacts import Contact


class Reminder(VaultTable, table=True):
    """One promise. It counts once it was agreed to; until then it is what somebody began to write."""

    __tablename__ = "reminders"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE", index=True)
    message: int | None = Field(default=None, foreign_key="messages.id", ondelete="SET NULL", index=True)
    note_id: int | None = Field(default=None, foreign_key="notes.id", ondelete="SET NULL", index=True)
    text: str = ""
    author_id: int = Field(sa_type=TelegramId)
    person_id: int = Field(sa_type=TelegramId, index=True)  # who is to be told
    made_at: datetime
    agreed_at: datetime | None = None
    due_at: datetime | None = None
    repeats: str | None = None  # as crm.repeating spells it
    rings_at: datetime | None = Field(default=None, index=True)  # when to tell next; none: nothing is left to tell
    rung: int = 0  # how often it was told
    done_at: datetime | None = None
    deleted_at: datetime | None = None  # kept for the undo; the purge takes it for good


class Which(StrEnum):
    """Lists of reminders; short, since buttons carry them."""

    OVERDUE = "overdue"
    TODAY = "today"
    COMING = "coming"
    DONE = "done"


COUNTS = and_(col(Reminder.agreed_at).is_not(None), col(Reminder.deleted_at).is_(None))
OPEN = and_(COUNTS, col(Reminder.done_at).is_(None))


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose reminders, or about whom (None: everybody's), and what is now and the end of today."""

    now: datetime
    midnight: datetime
    person_id: int | None = None
    contact_id: int | None = None

    def _whose(self) -> ColumnElement[bool]:
        asked = {Reminder.person_id: self.person_id, Reminder.contact_id: self.contact_id}
        return and_(COUNTS, *(col(column) == value for column, value in asked.items() if value is not None))

    def within(self, which: Which) -> ColumnElement[bool]:
        """What stands in a list."""
        due = col(Reminder.due_at)
        place = {
            Which.OVERDUE: and_(OPEN, due <= self.now),
            Which.TODAY: and_(OPEN, due > self.now, due < self.midnight),
            Which.COMING: and_(OPEN, due > self.now, due >= self.midnight),
            Which.DONE: col(Reminder.done_at).is_not(None),
        }[which]
        return and_(self._whose(), place)


@dataclass(frozen=True, slots=True)
class Due:
    """How many are overdue, and how many come today."""

    overdue: int = 0
    today: int = 0


NOW: BindParameter[datetime] = bindparam("now")
MIDNIGHT: BindParameter[datetime] = bindparam("midnight")
PERSON: BindParameter[int] = bindparam("person")
DUE = sql_select(
    func.count().filter(col(Reminder.due_at) <= NOW), func.count().filter(col(Reminder.due_at) > NOW)
).where(col(Reminder.person_id) == PERSON, OPEN, col(Reminder.due_at) < MIDNIGHT)


async def due(session: AsyncSession, scope: Scope) -> Due:
    """What a member is told at the beginning of a day."""
    return Due(*(await (await session.connection()).execute(DUE, asked(scope))).one())


def asked(scope: Scope) -> dict[str, Any]:
    """What `DUE` is to be asked with."""
    return {"now": scope.now, "midnight": scope.midnight, "person": scope.person_id}


async def counted(session: AsyncSession, scope: Scope) -> dict[Which, int]:
    """How many stand in each list, in one look."""
    counts = [
        sql_select(func.count()).select_from(Reminder).where(scope.within(which)).scalar_subquery() for which in Which
    ]
    row = (await (await session.connection()).execute(sql_select(*counts))).one()
    return dict(zip(Which, row, strict=True))


async def page(
    session: AsyncSession, scope: Scope, which: Which, *, offset: int, limit: int
) -> Sequence[tuple[Reminder, Contact]]:
    """Some of a list: the first to be due first, of what is done the last."""
    order = col(Reminder.done_at).desc() if which is Which.DONE else col(Reminder.due_at)
    query = (
        select(Reminder, Contact)
        .join(Contact, col(Reminder.contact_id) == col(Contact.id))
        .where(scope.within(which))
        .order_by(order, col(Reminder.id))
    )
    return (await session.exec(query.offset(offset).limit(limit))).all()


async def open_of_contact(session: AsyncSession, contact_id: int) -> Sequence[Reminder]:
    """What is promised to a contact and not done yet, the first to be due first."""
    query = select(Reminder).where(col(Reminder.contact_id) == contact_id, OPEN)
    return (await session.exec(query.order_by(col(Reminder.due_at), col(Reminder.id)))).all()


async def all_of_contact(session: AsyncSession, contact_id: int) -> Sequence[Reminder]:
    """What was ever promised to a contact, done or not, the first to be due first."""
    query = select(Reminder).where(col(Reminder.contact_id) == contact_id, COUNTS)
    return (await session.exec(query.order_by(col(Reminder.due_at), col(Reminder.id)))).all()


async def ringing(session: AsyncSession, now: datetime) -> Sequence[Reminder]:
    """What is to be told by now, the longest due first."""
    query = select(Reminder).where(col(Reminder.rings_at) <= now, OPEN).order_by(col(Reminder.rings_at))
    return (await session.exec(query)).all()


async def hand_over(session: AsyncSession, person_id: int, to: int | None) -> None:
    """Let somebody else be told of all that this person was to be told of; without anybody it stays."""
    if to is not None:
        his = update(Reminder).where(col(Reminder.person_id) == person_id)
        await session.exec(his.values(person_id=to))


async def purge(session: AsyncSession, before: datetime) -> int:
    """Drop for good what was deleted, or begun and never agreed to, before this moment. Returns how many."""
    begun = and_(col(Reminder.agreed_at).is_(None), col(Reminder.made_at) < before)
    old: Any = delete(Reminder).where(or_(col(Reminder.deleted_at) < before, begun)).returning(col(Reminder.id))
    return len((await session.exec(old)).all())
