"""One contact on one account."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.accounts import Account
from storage.columns import TelegramId, VaultTable


class Conversation(VaultTable, table=True):
    """The thread between one contact and one connected account."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("contact_id", "account_id"),)

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE")
    account_id: int = Field(sa_type=TelegramId, foreign_key="accounts.id", ondelete="CASCADE", index=True)
    first_message_at: datetime | None = None
    last_message_at: datetime | None = Field(default=None, index=True)
    last_inbound_at: datetime | None = None
    waiting_since: datetime | None = Field(default=None, index=True)  # the oldest client's message not answered yet
    message_count: int = 0


async def of_contact(session: AsyncSession, contact_id: int) -> Sequence[tuple[Conversation, Account]]:
    """A contact's conversations with their accounts, the liveliest first."""
    query = (
        select(Conversation, Account)
        .join(Account, col(Account.id) == col(Conversation.account_id))
        .where(col(Conversation.contact_id) == contact_id)
        .order_by(col(Conversation.last_message_at).desc(), col(Conversation.id))
    )
    return (await session.exec(query)).all()


async def count_waiting(session: AsyncSession) -> int:
    """How many wait for an answer."""
    query = select(func.count()).select_from(Conversation).where(col(Conversation.waiting_since).is_not(None))
    return (await session.exec(query)).one()


async def waiting(session: AsyncSession, *, offset: int, limit: int) -> Sequence[Conversation]:
    """Who waits for an answer, the longest first."""
    query = (
        select(Conversation)
        .where(col(Conversation.waiting_since).is_not(None))
        .order_by(col(Conversation.waiting_since), col(Conversation.id))
    )
    return (await session.exec(query.offset(offset).limit(limit))).all()
