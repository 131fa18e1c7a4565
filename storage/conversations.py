"""One contact on one account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, column, table, update
from sqlalchemy import select as sql_select
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
    waiting_since: datetime | None = Field(default=None, index=True)  # for an answer of ours
    aside_id: int | None = None  # the message id up to which somebody has said what is to be done
    raised_at: datetime | None = None  # since when it waits because somebody said so
    closed_at: datetime | None = Field(default=None, index=True)
    asleep_until: datetime | None = Field(default=None, index=True)
    put_off_by: int | None = Field(default=None, sa_type=TelegramId)  # who is to hear when it wakes
    assignee_id: int | None = Field(default=None, sa_type=TelegramId, index=True)
    message_count: int = 0
    read_inbox_id: int | None = None  # up to which message id we have read what came; None: not told
    read_outbox_id: int | None = None  # up to which the other side has read what we wrote
    protected: bool = False  # its newest message may be neither forwarded nor saved


PEOPLE = table("contacts", column("id"), column("merged_into"))  # whose own module stands on this one
ANSWERED = """coalesce((SELECT message_id FROM messages WHERE conversation_id = conversations.id AND outgoing
                    ORDER BY message_id DESC LIMIT 1), 0)"""
HEARD = """(SELECT message_id FROM messages WHERE conversation_id = conversations.id AND NOT outgoing
            ORDER BY message_id DESC LIMIT 1)"""
# By message id, not by time: within one account it grows with every message, and Telegram's times are whole seconds.
# What a client writes after it was put aside reopens a conversation and wakes it.
SETTLE = f"""
    UPDATE conversations SET
        message_count = message_count + (value ->> 1),
        first_message_at = (SELECT sent_at FROM messages WHERE conversation_id = conversations.id
                            ORDER BY message_id LIMIT 1),
        last_message_at = (SELECT sent_at FROM messages WHERE conversation_id = conversations.id
                           ORDER BY message_id DESC LIMIT 1),
        last_inbound_at = (SELECT sent_at FROM messages WHERE conversation_id = conversations.id AND NOT outgoing
                           ORDER BY message_id DESC LIMIT 1),
        waiting_since = CASE WHEN (SELECT aside FROM contacts WHERE id = contact_id) IN ('blocked', 'other')
            THEN NULL ELSE coalesce(
            (SELECT sent_at FROM messages
             WHERE conversation_id = conversations.id AND NOT outgoing AND deleted_at IS NULL
                 AND peer_id > 0  -- of a group, nobody waits for an answer of ours
                 AND message_id > max({ANSWERED}, coalesce(aside_id, 0))
             ORDER BY message_id LIMIT 1),
            CASE WHEN coalesce(aside_id, 0) >= {ANSWERED} THEN raised_at END) END,
        closed_at = CASE WHEN {HEARD} > aside_id THEN NULL ELSE closed_at END,
        asleep_until = CASE WHEN {HEARD} > aside_id THEN NULL ELSE asleep_until END,
        protected = coalesce((SELECT protected FROM messages WHERE conversation_id = conversations.id
                              ORDER BY message_id DESC LIMIT 1), protected)
    FROM json_each(?) WHERE conversations.id = value ->> 0
"""  # noqa: S608  every word is ours
PUT_ASIDE = f"""
    UPDATE conversations SET aside_id = max({ANSWERED}, coalesce({HEARD}, 0))
    FROM json_each(?) WHERE conversations.id = value
"""  # noqa: S608  every word is ours
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
    WITH heard AS (
        SELECT contact_id AS id FROM conversations WHERE id IN (SELECT value ->> 0 FROM json_each(?)))
    UPDATE contacts SET last_message_at = (
        SELECT max(last_message_at) FROM conversations WHERE contact_id = contacts.id
            OR contact_id IN (SELECT id FROM contacts AS merged WHERE merged.merged_into = contacts.id))
    WHERE id IN (SELECT id FROM heard)
        OR id IN (SELECT merged_into FROM contacts AS merged WHERE merged.id IN (SELECT id FROM heard))
"""


async def of_contact(session: AsyncSession, contact_id: int) -> Sequence[tuple[Conversation, Account]]:
    """A contact's conversations with their accounts, the liveliest first."""
    query = (
        select(Conversation, Account)
        .join(Account, col(Account.id) == col(Conversation.account_id))
        .where(col(Conversation.contact_id).in_(whose(contact_id)))
        .order_by(col(Conversation.last_message_at).desc(), col(Conversation.id))
    )
    return (await session.exec(query)).all()


def whose(contact_id: int) -> Any:
    """The ids of a contact and of those that were merged into it."""
    return sql_select(PEOPLE.c.id).where((PEOPLE.c.id == contact_id) | (PEOPLE.c.merged_into == contact_id))


async def put_aside(session: AsyncSession, conversation_id: int) -> None:
    """Let all that was said so far wait for nothing; what a client writes from now on waits again."""
    await session.flush()
    await bulk.run(session, PUT_ASIDE, [conversation_id])
    await settle(session, [(conversation_id, 0)])


async def resting_until(session: AsyncSession, now: datetime) -> list[Conversation]:
    """What was put off until now or earlier, the first to wake first."""
    query = select(Conversation).where(col(Conversation.asleep_until) <= now).order_by(col(Conversation.asleep_until))
    return list(await session.exec(query))


async def wake(session: AsyncSession, now: datetime) -> list[Conversation]:
    """Wake what was asleep until now: it waits from the moment for which it was put off. Returns what has woken."""
    woken = await resting_until(session, now)
    for one in woken:
        one.raised_at, one.asleep_until = one.asleep_until, None
        session.add(one)
        await put_aside(session, one.id or 0)
    return woken


async def release(session: AsyncSession, person_id: int) -> None:
    """Let go of what a person was to answer, and of what he was to hear."""
    for mark in (Conversation.assignee_id, Conversation.put_off_by):
        await session.exec(update(Conversation).where(col(mark) == person_id).values({mark: None}))


async def settle(session: AsyncSession, added: Sequence[tuple[int, int]]) -> None:
    """Bring counts and times in line after messages were added (conversation id and how many) or marked."""
    await bulk.run(session, SETTLE, added)
    await bulk.run(session, SETTLE_CONTACTS, added)


async def read(session: AsyncSession, marks: Sequence[tuple[int, int, int | None, int | None]]) -> None:
    """Move the marks of what was read: account, peer, and the message ids as in `Conversation`. None goes back."""
    await bulk.run(session, READ, marks)
