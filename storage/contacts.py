"""The people the business talks to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, union
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable
from storage.conversations import Conversation
from storage.tags import ContactTag, ConversationTag


class Contact(VaultTable, table=True):
    """One person, however many of the workspace's accounts he writes to."""

    __tablename__ = "contacts"

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int = Field(sa_type=TelegramId, unique=True)
    first_name: str = ""
    last_name: str | None = None
    username: str | None = Field(default=None, index=True)
    phone: str | None = Field(default=None, index=True)
    language: str | None = None
    is_bot: bool = False
    first_seen_at: datetime  # when the mirror first heard of this person
    last_message_at: datetime | None = Field(default=None, index=True)

    @property
    def name(self) -> str:
        """The name as Telegram shows it; the id where a person has none left."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or f"#{self.telegram_id}"


async def by_telegram_id(session: AsyncSession, telegram_id: int) -> Contact | None:
    """The contact behind a Telegram user id."""
    return (await session.exec(select(Contact).where(col(Contact.telegram_id) == telegram_id))).first()


async def count(session: AsyncSession, tag_id: int = 0) -> int:
    """How many there are; of a tag, how many carry it themselves or on a conversation. Tag 0 is all."""
    return (await session.exec(select(func.count()).select_from(Contact).where(*_tagged(tag_id)))).one()


async def page(
    session: AsyncSession, *, tag_id: int = 0, by_name: bool = False, offset: int, limit: int
) -> Sequence[Contact]:
    """Contacts by their last message, the newest first, or by name. Tag 0 is all."""
    order = (
        (func.lower(Contact.first_name), func.lower(func.coalesce(Contact.last_name, "")))
        if by_name
        else (col(Contact.last_message_at).desc(),)
    )
    query = select(Contact).where(*_tagged(tag_id)).order_by(*order, col(Contact.id).desc())
    return (await session.exec(query.offset(offset).limit(limit))).all()


async def waiting_since(session: AsyncSession, contact_ids: Sequence[int]) -> dict[int, datetime]:
    """Since when each of these waits for an answer on any account; who does not wait is not there."""
    query = (
        select(Conversation.contact_id, func.min(Conversation.waiting_since))
        .where(col(Conversation.contact_id).in_(contact_ids), col(Conversation.waiting_since).is_not(None))
        .group_by(col(Conversation.contact_id))
    )
    return {contact_id: since for contact_id, since in await session.exec(query) if since is not None}


def _tagged(tag_id: int) -> Sequence[ColumnElement[bool]]:
    if not tag_id:
        return ()
    carried = union(
        select(ContactTag.contact_id).where(col(ContactTag.tag_id) == tag_id),
        select(Conversation.contact_id)
        .join(ConversationTag, col(ConversationTag.conversation_id) == col(Conversation.id))
        .where(col(ConversationTag.tag_id) == tag_id),
    )
    return (col(Contact.id).in_(carried),)
