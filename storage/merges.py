"""Contacts that are one person: which were merged, with what their undo needs, and which pairs are none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, delete, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, TelegramId, VaultTable
from storage.contacts import LISTED, Contact
from storage.fields import FieldValue
from storage.notes import Note
from storage.reminders import Reminder
from storage.tags import ContactTag

Facts = tuple[int, str, str | None, str | None, str | None]


class Merge(VaultTable, table=True):
    """One contact that was put under another, and what went along."""

    __tablename__ = "merges"

    id: int | None = Field(default=None, primary_key=True)
    kept_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE", index=True)
    gone_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE")
    merged_at: datetime
    merged_by: int = Field(sa_type=TelegramId)
    moved: Json = Field(default_factory=dict, sa_type=JSON)


class Apart(VaultTable, table=True):
    """Two contacts that look like one person and are not; the lower id first."""

    __tablename__ = "apart"

    low_id: int = Field(primary_key=True, foreign_key="contacts.id", ondelete="CASCADE")
    high_id: int = Field(primary_key=True, foreign_key="contacts.id", ondelete="CASCADE")


async def people(session: AsyncSession) -> Sequence[Facts]:
    """Everybody who could be somebody's double: id, first name, last name, phone, username."""
    one = Contact
    query: Any = select(one.id, one.first_name, one.last_name, one.phone, one.username)  # type: ignore[call-overload]
    rows: Sequence[Facts] = (await session.exec(query.where(LISTED, col(Contact.telegram_id) > 0))).all()
    return rows


async def apart(session: AsyncSession) -> set[tuple[int, int]]:
    """Every pair that is known to be two people."""
    return set((await session.exec(select(Apart.low_id, Apart.high_id))).all())


async def keep_apart(session: AsyncSession, one: int, other: int) -> None:
    """Remember that these are two people."""
    pair = {"low_id": min(one, other), "high_id": max(one, other)}
    await session.exec(insert(Apart).values(pair).on_conflict_do_nothing())


async def of_contact(session: AsyncSession, contact_id: int) -> Sequence[tuple[Merge, Contact]]:
    """What was merged into a contact and can be taken apart, the last first."""
    query = select(Merge, Contact).join(Contact, col(Contact.id) == col(Merge.gone_id))
    return (await session.exec(query.where(col(Merge.kept_id) == contact_id).order_by(col(Merge.id).desc()))).all()


async def hand_over(session: AsyncSession, table: type[Note | Reminder], source: int, target: int) -> list[int]:
    """Give all notes or reminders of one contact to another. Returns their ids."""
    mine = col(table.contact_id) == source
    moved = await session.exec(update(table).where(mine).values(contact_id=target).returning(col(table.id)))
    return [number for (number,) in moved]


async def give_back(session: AsyncSession, table: type[Note | Reminder], ids: Sequence[int], owner: int) -> None:
    """Give these back to whom they belonged."""
    await session.exec(update(table).where(col(table.id).in_(ids)).values(contact_id=owner))


async def take_rows(
    session: AsyncSession, table: type[ContactTag | FieldValue], contact_id: int
) -> list[dict[str, Any]]:
    """Take all tags or values off a contact. Returns them as JSON knows them."""
    rows = (await session.exec(select(table).where(col(table.contact_id) == contact_id))).all()
    await session.exec(delete(table).where(col(table.contact_id) == contact_id))
    return [row.model_dump(mode="json") for row in rows]


async def put_rows(session: AsyncSession, table: type[ContactTag | FieldValue], rows: Sequence[Json]) -> None:
    """Put such rows on their contacts, over what stands there; what they refer to may be gone."""
    for row in rows:
        await session.merge(table.model_validate(row))
    await session.flush()


async def purge(session: AsyncSession, before: datetime) -> None:
    """Forget how to undo what was merged before this moment."""
    await session.exec(delete(Merge).where(col(Merge.merged_at) < before))
