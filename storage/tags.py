"""Tags and what they are put on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, delete, func
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable

COLOURS = ("🔴", "🟠", "🟡", "🟢", "🔵", "🟣", "🟤", "⚫", "⚪")


class Tag(VaultTable, table=True):
    """A word of the workspace's own; two that differ in case alone are one."""

    __tablename__ = "tags"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_key: str = Field(unique=True)  # the name, case folded
    colour: str = "🔵"
    made_at: datetime


class ContactTag(VaultTable, table=True):
    __tablename__ = "contact_tags"
    __table_args__ = (Index("ix_contact_tags_tag_id_put_at", "tag_id", "put_at", "contact_id"),)

    contact_id: int = Field(primary_key=True, foreign_key="contacts.id", ondelete="CASCADE")
    tag_id: int = Field(primary_key=True, foreign_key="tags.id", ondelete="CASCADE")
    put_at: datetime
    put_by: int = Field(sa_type=TelegramId)


class ConversationTag(VaultTable, table=True):
    __tablename__ = "conversation_tags"
    __table_args__ = (Index("ix_conversation_tags_tag_id_put_at", "tag_id", "put_at", "conversation_id"),)

    conversation_id: int = Field(primary_key=True, foreign_key="conversations.id", ondelete="CASCADE")
    tag_id: int = Field(primary_key=True, foreign_key="tags.id", ondelete="CASCADE")
    put_at: datetime
    put_by: int = Field(sa_type=TelegramId)


Carried = type[ContactTag] | type[ConversationTag]


async def by_key(session: AsyncSession, name_key: str) -> Tag | None:
    """The tag of this case-folded name."""
    return (await session.exec(select(Tag).where(col(Tag.name_key) == name_key))).first()


async def count(session: AsyncSession) -> int:
    """How many tags there are."""
    return (await session.exec(select(func.count()).select_from(Tag))).one()


async def every(session: AsyncSession) -> dict[int, Tag]:
    """All tags by their ids."""
    return {tag.id or 0: tag for tag in await session.exec(select(Tag))}


async def page(session: AsyncSession, *, offset: int, limit: int) -> Sequence[tuple[Tag, int]]:
    """Tags with how often each is used, the most used first."""
    uses = _uses(ContactTag) + _uses(ConversationTag)
    query = select(Tag, uses).order_by(uses.desc(), col(Tag.name_key)).offset(offset).limit(limit)
    return (await session.exec(query)).all()


async def suggested(
    session: AsyncSession, carried: Carried, carrier_id: int, *, offset: int, limit: int
) -> Sequence[Tag]:
    """Tags for one contact or conversation: the last to be made or put on something else first.

    So a press here moves nothing under the finger, and what is asked of a tag does not grow with its uses.
    """
    lately = (
        func.coalesce(_last_put(one, besides=carrier_id if one is carried else 0), col(Tag.made_at))
        for one in (ContactTag, ConversationTag)
    )
    query = select(Tag).order_by(func.max(*lately, col(Tag.made_at)).desc(), col(Tag.name_key))
    return (await session.exec(query.offset(offset).limit(limit))).all()


async def uses(session: AsyncSession, tag_id: int) -> tuple[int, int]:
    """How many contacts and how many conversations carry a tag."""
    query = select(_uses(ContactTag), _uses(ConversationTag)).where(col(Tag.id) == tag_id)
    return (await session.exec(query)).one()


async def on_contacts(session: AsyncSession, contact_ids: Sequence[int]) -> dict[int, list[Tag]]:
    """The tags of each of these contacts, by name."""
    query = select(ContactTag.contact_id, Tag).join(Tag, col(Tag.id) == col(ContactTag.tag_id))
    return _grouped(
        await session.exec(query.where(col(ContactTag.contact_id).in_(contact_ids)).order_by(col(Tag.name_key)))
    )


async def on_conversations(session: AsyncSession, conversation_ids: Sequence[int]) -> dict[int, list[Tag]]:
    """The tags of each of these conversations, by name."""
    query = select(ConversationTag.conversation_id, Tag).join(Tag, col(Tag.id) == col(ConversationTag.tag_id))
    return _grouped(
        await session.exec(
            query.where(col(ConversationTag.conversation_id).in_(conversation_ids)).order_by(col(Tag.name_key))
        )
    )


async def put(session: AsyncSession, row: ContactTag | ConversationTag) -> bool:
    """Put a tag on; False where it was there already."""
    new = insert(type(row)).values(row.model_dump()).on_conflict_do_nothing().returning(col(type(row).tag_id))
    return (await session.exec(new)).first() is not None


async def take(session: AsyncSession, carried: Carried, carrier_id: int, tag_id: int) -> bool:
    """Take a tag off a contact or conversation; False where it was not there."""
    there = (_carrier(carried) == carrier_id, col(carried.tag_id) == tag_id)
    gone = await session.exec(delete(carried).where(*there).returning(col(carried.tag_id)))
    return gone.first() is not None


async def move_all(session: AsyncSession, source: int, target: int) -> None:
    """Everything that carries one tag carries the other instead."""
    for carried in (ContactTag, ConversationTag):
        rows = await session.exec(select(carried).where(col(carried.tag_id) == source))
        moved = [{**row.model_dump(), "tag_id": target} for row in rows]
        if moved:
            await session.exec(insert(carried).on_conflict_do_nothing(), params=moved)
        await session.exec(delete(carried).where(col(carried.tag_id) == source))


def _uses(carried: Carried) -> Any:
    return select(func.count()).where(col(carried.tag_id) == col(Tag.id)).correlate(Tag).scalar_subquery()


def _last_put(carried: Carried, *, besides: int) -> Any:
    there = (col(carried.tag_id) == col(Tag.id), _carrier(carried) != besides)
    query = select(col(carried.put_at)).where(*there).order_by(col(carried.put_at).desc()).limit(1)
    return query.correlate(Tag).scalar_subquery()


def _carrier(carried: Carried) -> Any:
    return col(carried.contact_id if issubclass(carried, ContactTag) else carried.conversation_id)


def _grouped(pairs: Iterable[tuple[int, Tag]]) -> dict[int, list[Tag]]:
    groups: dict[int, list[Tag]] = defaultdict(list)
    for carrier_id, tag in pairs:
        groups[carrier_id].append(tag)
    return groups
