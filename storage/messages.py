"""Mirrored messages, with every earlier text that was seen."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, ColumnElement, Index, Select, UniqueConstraint, delete, func, text, update
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, TelegramId, VaultTable
from storage.conversations import Conversation, whose

COMMON = 0  # the box of an account's private chats and basic groups, which share one sequence of message ids
CHANNELS = -1_000_000_000_000  # peer ids below are supergroups and channels: each is a box of its own
# What may be a phone: seven signs in a row of those that phones are written in. The index below knows it by its letter.
NUMBERED = "NOT outgoing AND text GLOB '*[0-9+(]" + 6 * "[0-9 ()./\u00a0-]" + "*'"
BEFORE = -(2**31)  # added to the ids of what was said in a group before it became a supergroup


def box_of(peer_id: int) -> int:
    """The box in which a peer's message ids are unique: the common one of the account, or the channel's own."""
    return peer_id if peer_id < CHANNELS else COMMON


class Message(VaultTable, table=True):
    """One message. Its id is unique within the box that its peer is in; a peer below zero is a group."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("account_id", "message_id", "peer_id"),  # in this order, since few deletions name a chat
        Index("ix_messages_conversation_id_message_id", "conversation_id", "message_id"),
        Index("ix_messages_sent_at", "sent_at"),
        Index("ix_messages_numbered", "conversation_id", "sent_at", sqlite_where=text(NUMBERED)),
    )

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversations.id", ondelete="CASCADE")
    account_id: int = Field(sa_type=TelegramId)
    peer_id: int = Field(sa_type=TelegramId)
    message_id: int
    sender_id: int = Field(sa_type=TelegramId)
    outgoing: bool
    kind: str = "text"  # text, photo, voice, document, …: Telegram's own name of what the message carries
    text: str = ""  # text or caption, as it stands now
    entities: list[Json] = Field(default_factory=list, sa_type=JSON)
    sent_at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    reply_to_id: int | None = None  # a message id in the same chat
    album_id: str | None = None
    by_bot: bool = False  # sent by a bot on the account's behalf
    extra: Json = Field(default_factory=dict, sa_type=JSON)  # forward origin, contact, location, poll, service, …
    protected: bool = False  # may be neither forwarded nor saved
    reactions: list[Json] = Field(default_factory=list, sa_type=JSON)  # what stands under it, and by whom
    reactions_seen_at: datetime | None = None  # when they stood so; None: no source told of any
    business: bool = False  # seen through the Business connection
    userbot: bool = False  # seen through the userbot


class Version(VaultTable, table=True):
    """A text that a message had before another; it stood until the next version, or the message's own last edit."""

    __tablename__ = "message_versions"
    __table_args__ = (Index("ix_message_versions_message_written_at", "message", "written_at"),)

    id: int | None = Field(default=None, primary_key=True)
    message: int = Field(foreign_key="messages.id", ondelete="CASCADE")
    text: str
    entities: list[Json] = Field(default_factory=list, sa_type=JSON)
    written_at: datetime  # when this text was sent or edited in


class EarlyDeletion(VaultTable, table=True):
    """A deletion heard of before the message itself: the message is marked when it comes."""

    __tablename__ = "early_deletions"

    account_id: int = Field(sa_type=TelegramId, primary_key=True)
    box: int = Field(default=COMMON, sa_type=TelegramId, primary_key=True)
    message_id: int = Field(primary_key=True)
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class ReadUntil:
    """When the last message was sent that each side has read: of ours by the other side, of theirs by us."""

    theirs: datetime | None = None
    ours: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one chat as Telegram showed it: the message ids that stand from `lowest` to `highest`."""

    peer_id: int
    lowest: int
    highest: int
    ids: tuple[int, ...]


NOT_SHOWN = text("""
    SELECT message_id FROM json_each(:stretches) AS stretch
    JOIN contacts ON contacts.telegram_id = stretch.value ->> 0
    JOIN conversations ON conversations.contact_id = contacts.id AND conversations.account_id = :account_id
    JOIN messages ON messages.conversation_id = conversations.id
        AND message_id BETWEEN stretch.value ->> 1 AND stretch.value ->> 2
    WHERE deleted_at IS NULL AND message_id NOT IN (SELECT value FROM json_each(stretch.value, '$[3]'))
""")


async def not_shown(session: AsyncSession, account_id: int, stretches: Sequence[Stretch]) -> list[int]:
    """The messages that stand in the vault and not in what Telegram shows of these stretches."""
    facts = json.dumps([[one.peer_id, one.lowest, one.highest, one.ids] for one in stretches])
    connection = await session.connection()
    rows = await connection.execute(NOT_SHOWN, {"stretches": facts, "account_id": account_id})
    return [number for (number,) in rows]


async def newest_id(session: AsyncSession, account_id: int, box: int = COMMON) -> int:
    """The highest message id that is known of a box of an account; 0 where none is."""
    query = select(func.max(Message.message_id)).where(col(Message.account_id) == account_id, _in(box))
    return (await session.exec(query)).one() or 0


async def of_account(
    session: AsyncSession, account_id: int, numbers: Iterable[int], box: int = COMMON
) -> dict[int, Message]:
    """An account's messages by Telegram's message ids, which are unique within a box."""
    mine = (col(Message.account_id) == account_id, col(Message.message_id).in_(_listed(numbers)), _in(box))
    return {message.message_id: message for message in await session.exec(select(Message).where(*mine))}


async def by_number(session: AsyncSession, account_id: int, numbers: Iterable[int]) -> Sequence[Message]:
    """An account's messages with these ids, in whichever box."""
    mine = (col(Message.account_id) == account_id, col(Message.message_id).in_(_listed(numbers)))
    return (await session.exec(select(Message).where(*mine))).all()


def _in(box: int) -> ColumnElement[bool]:
    return col(Message.peer_id) == box if box else col(Message.peer_id) > CHANNELS


async def move(session: AsyncSession, old: int, new: int) -> None:
    """File what was said in a basic group under the supergroup that took its place: see `BEFORE`."""
    ids = {name: getattr(Message, name) + BEFORE for name in ("message_id", "reply_to_id")}
    statement = update(Message).where(col(Message.peer_id) == old).values(peer_id=new, **ids)
    await session.exec(statement.execution_options(synchronize_session=False))


async def early_deletions(
    session: AsyncSession, account_id: int, numbers: Iterable[int], box: int = COMMON
) -> dict[int, datetime]:
    """The deletions that were heard of before these messages."""
    mine = (col(EarlyDeletion.account_id) == account_id, col(EarlyDeletion.box) == box)
    query = select(EarlyDeletion).where(*mine, col(EarlyDeletion.message_id).in_(_listed(numbers)))
    return {row.message_id: row.deleted_at for row in await session.exec(query)}


def _listed(numbers: Iterable[int]) -> Select[tuple[int]]:
    """Many numbers as one parameter: one for each would be a new statement for each length."""
    return sql_select(func.json_each(json.dumps(list(numbers))).table_valued("value").c.value)


async def before(session: AsyncSession, conversation_id: int, number: int | None, limit: int) -> Sequence[Message]:
    """The messages that stand before this message id (None: the newest), the newest first."""
    query = select(Message).where(col(Message.conversation_id) == conversation_id)
    if number is not None:
        query = query.where(col(Message.message_id) < number)
    return (await session.exec(query.order_by(col(Message.message_id).desc()).limit(limit))).all()


async def since(session: AsyncSession, conversation_id: int, number: int, limit: int) -> Sequence[Message]:
    """The messages from this message id on, the oldest first."""
    query = select(Message).where(col(Message.conversation_id) == conversation_id, col(Message.message_id) >= number)
    return (await session.exec(query.order_by(col(Message.message_id)).limit(limit))).all()


async def numbered(session: AsyncSession, conversation_id: int, numbers: Iterable[int]) -> dict[int, Message]:
    """Messages of a conversation by Telegram's message ids."""
    query = select(Message).where(
        col(Message.conversation_id) == conversation_id, col(Message.message_id).in_(list(numbers))
    )
    return {message.message_id: message for message in await session.exec(query)}


async def latest_of_contact(session: AsyncSession, contact_id: int, limit: int) -> Sequence[Message]:
    """A contact's last messages over all accounts, the newest first, without reading whole conversations."""
    one = aliased(Message)
    last = (
        select(one.id)
        .where(col(one.conversation_id) == col(Conversation.id))
        .order_by(col(one.message_id).desc())
        .limit(limit)
        .correlate(Conversation)
        .scalar_subquery()
    )
    query = (
        select(Message)
        .join(Conversation, col(Message.id).in_(last))
        .where(col(Conversation.contact_id).in_(whose(contact_id)))
        .order_by(col(Message.sent_at).desc(), col(Message.message_id).desc(), col(Message.id).desc())
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def read_until(session: AsyncSession, conversations: Iterable[int]) -> dict[int, ReadUntil]:
    """How far both sides of these conversations have read, as far as it was told."""

    def newest(mark: int | None, *, outgoing: bool) -> ColumnElement[datetime | None]:
        mine = (col(Message.conversation_id) == col(Conversation.id), col(Message.outgoing).is_(outgoing))
        query = select(Message.sent_at).where(*mine, col(Message.message_id) <= mark)
        return query.order_by(col(Message.message_id).desc()).limit(1).correlate(Conversation).scalar_subquery()

    query = select(
        Conversation.id,
        newest(Conversation.read_outbox_id, outgoing=True),
        newest(Conversation.read_inbox_id, outgoing=False),
    ).where(col(Conversation.id).in_(list(conversations)))
    return {number or 0: ReadUntil(theirs, ours) for number, theirs, ours in await session.exec(query)}


async def newest_outgoing(session: AsyncSession, conversation_id: int, text: str, *, since: datetime) -> Message | None:
    """The last message of the business that says just this and was sent since then; Telegram counts whole seconds."""
    query = select(Message).where(
        col(Message.conversation_id) == conversation_id,
        col(Message.outgoing),
        col(Message.text) == text,
        col(Message.sent_at) >= since.replace(microsecond=0),
    )
    return (await session.exec(query.order_by(col(Message.message_id).desc()).limit(1))).first()


EARLIER = text("""
    SELECT id, message FROM (
        SELECT version.id, version.message, version.text || json(version.entities) AS said,
            lead(version.text || json(version.entities), 1, messages.text || json(messages.entities))
                OVER (PARTITION BY version.message ORDER BY version.written_at, version.id) AS said_next
        FROM message_versions AS version JOIN messages ON messages.id = version.message
        WHERE version.message IN (SELECT value FROM json_each(:messages)))
    WHERE said <> said_next
""")


async def versions(session: AsyncSession, message: int) -> Sequence[Version]:
    """The earlier texts of a message, the oldest first; equal ones in a row are one."""
    query = select(Version).where(
        col(Version.id).in_([number for number, _message in await _earlier(session, [message])])
    )
    return (await session.exec(query.order_by(col(Version.written_at), col(Version.id)))).all()


async def count_versions(session: AsyncSession, messages: Iterable[int]) -> dict[int, int]:
    """How many earlier texts each of these messages has; one without is not there."""
    return Counter(message for _number, message in await _earlier(session, messages))


async def _earlier(session: AsyncSession, messages: Iterable[int]) -> list[tuple[int, int]]:
    """The versions that say something else than what followed, each with its message."""
    connection = await session.connection()
    rows = await connection.execute(EARLIER, {"messages": json.dumps(list(messages))})
    return [(number, message) for number, message in rows]


async def moments(
    session: AsyncSession, conversation_id: int, start: datetime, end: datetime
) -> Sequence[tuple[int, datetime]]:
    """Message ids and times of a conversation between two moments, in order."""
    query = select(Message.message_id, Message.sent_at).where(
        col(Message.conversation_id) == conversation_id, col(Message.sent_at) >= start, col(Message.sent_at) < end
    )
    return (await session.exec(query.order_by(col(Message.message_id)))).all()


async def forget_early(session: AsyncSession, *, before: datetime) -> None:
    """Drop deletions whose message has not come by now: it stood in a chat that is not mirrored."""
    await session.exec(delete(EarlyDeletion).where(col(EarlyDeletion.deleted_at) < before))
