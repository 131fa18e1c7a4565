"""One contact on one account."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import bulk
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
    read_inbox_id: int | None = None  # up to which message id we have read what came; None: not told
    read_outbox_id: int | None = None  # up to which the other side has read what we wrote
    protected: bool = False  # its newest message may be neither forwarded nor saved


# By message id, not by time: within one account it grows with every message, and Telegram's times are whole seconds.
SETTLE = """
    UPDATE conversations SET
        message_count = message_count + (value ->> 1),
        first_message_at = (SELECT sent_at FROM messages WHERE conversation_id = conversations.id
                            ORDER BY message_id LIMIT 1),
        last_message_at = (SELECT sent_at FROM messages WHERE conversation_id = conversations.id
                           ORDER BY message_id DESC LIMIT 1),
        last_inbound_at = (SELECT sent_at FROM messages WHERE conversation_id = conversations.id AND NOT outgoing
                           ORDER BY message_id DESC LIMIT 1),
        waiting_since = (SELECT sent_at FROM messages
                         WHERE conversation_id = conversations.id AND NOT outgoing AND deleted_at IS NULL
                             AND peer_id > 0  -- of a group, nobody waits for an answer of ours
                             AND message_id > coalesce(
                                 (SELECT message_id FROM messages WHERE conversation_id = conversations.id AND outgoing
                                  ORDER BY message_id DESC LIMIT 1), 0)
                         ORDER BY message_id LIMIT 1),
        protected = coalesce((SELECT protected FROM messages WHERE conversation_id = conversations.id
                              ORDER BY message_id DESC LIMIT 1), protected)
    FROM json_each(?) WHERE conversations.id = value ->> 0
"""
READ = """
    WITH marks AS (
        SELECT value ->> 0 AS account, value ->> 1 AS peer, max(value ->> 2) AS inbox, max(value ->> 3) AS outbox
        FROM json_each(?) GROUP BY account, peer)  -- of two for one conversation the UPDATE would take either
    UPDATE conversations SET
        read_inbox_id = max(coalesce(read_inbox_id, inbox), coalesce(inbox, read_inbox_id)),
        read_outbox_id = max(coalesce(read_outbox_id, outbox), coalesce(outbox, read_outbox_id))
    FROM marks JOIN contacts ON contacts.telegram_id = peer
    WHERE conversations.contact_id = contacts.id AND conversations.account_id = account
"""
SETTLE_CONTACTS = """
    UPDATE contacts SET last_message_at = (
        SELECT max(last_message_at) FROM conversations WHERE contact_id = contacts.id)
    WHERE id IN (
        SELECT contact_id FROM conversations WHERE id IN (SELECT value ->> 0 FROM json_each(?)))
"""


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


async def settle(session: AsyncSession, added: Sequence[tuple[int, int]]) -> None:
    """Bring counts and times in line after messages were added (conversation id and how many) or marked."""
    await bulk.run(session, SETTLE, added)
    await bulk.run(session, SETTLE_CONTACTS, added)


async def read(session: AsyncSession, marks: Sequence[tuple[int, int, int | None, int | None]]) -> None:
    """Move the marks of what was read: account, peer, and the message ids as in `Conversation`. None goes back."""
    await bulk.run(session, READ, marks)
