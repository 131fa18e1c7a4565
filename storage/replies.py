"""What members write to clients: each answer from its first draft to what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, and_, case, delete, func, or_, update
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import outbox
from storage.columns import Json, TelegramId, VaultTable
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.outbox import Delivery


class Reply(VaultTable, table=True):
    """One answer. Its text stands here until it is a message, and then only there."""

    __tablename__ = "replies"

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversations.id", ondelete="CASCADE", index=True)
    author_id: int = Field(sa_type=TelegramId)  # the member
    text: str
    entities: list[Json] = Field(default_factory=list, sa_type=JSON)  # its formatting, in the Bot API's words
    file: Json | None = Field(default=None, sa_type=JSON)  # as `crm.seen.File`: where the bot finds it at Telegram
    reply_to_id: int | None = None  # a message id in the same chat
    written_at: datetime
    leaves_at: datetime | None = Field(default=None, index=True)  # by itself
    put_off_at: datetime | None = None  # when that was said
    overtaken_at: datetime | None = None  # when the author was told that the client has written since
    asked: int = 0  # how often it was to be sent: each time is a delivery of its own
    delivery: int | None = Field(default=None, foreign_key="outbox.id")  # the last; none: it has not left the desk
    way: str | None = None  # by which it was given to Telegram, or is being given just now
    refusals: Json = Field(default_factory=dict, sa_type=JSON)  # way → why it did not take this answer
    message: int | None = Field(default=None, foreign_key="messages.id", ondelete="CASCADE", index=True)
    chat_id: int | None = Field(default=None, sa_type=TelegramId)  # the screen that shows how it stands
    screen_id: int | None = None


KINDS: dict[str, ColumnElement[bool]] = {  # that leave later, did not leave, or wait for Send
    "later": col(Reply.leaves_at).is_not(None),
    "stuck": and_(
        col(Delivery.state).in_([outbox.REFUSED, outbox.UNCERTAIN]),
        col(Reply.message).is_(None),
        col(Reply.leaves_at).is_(None),
    ),
    "begun": and_(col(Reply.delivery).is_(None), col(Reply.message).is_(None), col(Reply.leaves_at).is_(None)),
}


COUNTED: Any = (
    select(*(func.count(case((is_one, 1))) for is_one in KINDS.values()))
    .select_from(Reply)
    .outerjoin(Delivery, col(Delivery.id) == col(Reply.delivery))
)


async def state(session: AsyncSession, reply: Reply) -> Delivery | None:
    """The delivery that tells how it stands; None while it has not left the desk."""
    return await session.get(Delivery, reply.delivery) if reply.delivery is not None else None


async def change(session: AsyncSession, reply_id: int | None, **facts: Any) -> None:
    """Write these columns alone: a member may be changing others."""
    await session.exec(update(Reply).where(col(Reply.id) == reply_id).values(facts))


async def unsettled(session: AsyncSession, conversations: Sequence[int]) -> Sequence[tuple[Reply, Delivery | None]]:
    """The answers in these conversations that have not become a message or a draft, the newest first."""
    query = (
        select(Reply, Delivery)
        .outerjoin(Delivery, col(Delivery.id) == col(Reply.delivery))
        .where(col(Reply.conversation_id).in_(conversations), ~_settled())
        .order_by(col(Reply.id).desc())
    )
    return (await session.exec(query)).all()


async def first_words(session: AsyncSession, person_id: int, besides: int, *, since: datetime) -> int:
    """To how many others who have never written a member has let something go since this moment."""
    query = (
        select(func.count(func.distinct(col(Reply.conversation_id))))
        .join(Conversation, col(Conversation.id) == col(Reply.conversation_id))
        .join(Delivery, col(Delivery.id) == col(Reply.delivery))
        .where(col(Reply.author_id) == person_id, col(Conversation.last_inbound_at).is_(None))
        .where(col(Conversation.id) != besides, col(Delivery.due_at) > since)
    )
    return (await session.exec(query)).one()


async def stirring(session: AsyncSession, now: datetime) -> Sequence[tuple[Reply, Conversation]]:
    """Those put off whose time has come, or whose client has written since and whose author was not told."""
    wrote = and_(col(Reply.overtaken_at).is_(None), col(Conversation.last_inbound_at) > col(Reply.put_off_at))
    query = (
        select(Reply, Conversation)
        .join(Conversation, col(Conversation.id) == col(Reply.conversation_id))
        .where(col(Reply.leaves_at).is_not(None), or_(col(Reply.leaves_at) <= now, wrote))
        .order_by(col(Reply.leaves_at), col(Reply.id))
    )
    return (await session.exec(query)).all()


async def counted(session: AsyncSession, conversation_id: int | None) -> dict[str, int]:
    """How many there are of each kind, everywhere or in one conversation."""
    query = COUNTED if conversation_id is None else COUNTED.where(col(Reply.conversation_id) == conversation_id)
    row = (await session.exec(query)).one()
    return dict(zip(KINDS, row, strict=True))


async def page(
    session: AsyncSession, kind: str, conversation_id: int | None, *, offset: int, limit: int
) -> Sequence[tuple[Reply, Contact]]:
    """Some of one kind with whom they are for: the next to leave first, of the others the newest."""
    query = (
        _among(select(Reply, Contact).select_from(Reply), conversation_id)
        .join(Conversation, col(Conversation.id) == col(Reply.conversation_id))
        .join(Contact, col(Contact.id) == col(Conversation.contact_id))
        .where(KINDS[kind])
        .order_by(col(Reply.leaves_at), col(Reply.id).desc())
    )
    rows: Sequence[tuple[Reply, Contact]] = (await session.exec(query.offset(offset).limit(limit))).all()
    return rows


def _among(query: Any, conversation_id: int | None) -> Any:
    joined = query.outerjoin(Delivery, col(Delivery.id) == col(Reply.delivery))
    return joined if conversation_id is None else joined.where(col(Reply.conversation_id) == conversation_id)


async def of_message(session: AsyncSession, message: int) -> Reply | None:
    """The answer that became this message, where one did."""
    return (await session.exec(select(Reply).where(col(Reply.message) == message))).first()


async def purge(session: AsyncSession, *, before: datetime) -> None:
    """Drop what was written before this moment and is no message, unless it is still on its way."""
    on_its_way = select(Delivery.id).where(col(Delivery.state).in_([outbox.DUE, outbox.SENDING]))
    old = and_(col(Reply.written_at) < before, col(Reply.message).is_(None))
    old = and_(old, col(Reply.leaves_at).is_(None))
    left = or_(col(Reply.delivery).is_(None), col(Reply.delivery).not_in(on_its_way))
    await session.exec(delete(Reply).where(old, left))


def _settled() -> ColumnElement[bool]:
    return and_(col(Reply.delivery).is_not(None), col(Delivery.state) == outbox.SENT)
