"""What members write to clients: each answer from its first draft to what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, and_, delete, or_, update
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import outbox
from storage.columns import Json, TelegramId, VaultTable
from storage.outbox import Delivery


class Reply(VaultTable, table=True):
    """One answer. Its text stands here until it is a message, and then only there."""

    __tablename__ = "replies"

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversations.id", ondelete="CASCADE", index=True)
    author_id: int = Field(sa_type=TelegramId)  # the member
    text: str
    entities: list[Json] = Field(default_factory=list, sa_type=JSON)  # its formatting, in the Bot API's words
    reply_to_id: int | None = None  # a message id in the same chat
    written_at: datetime
    asked: int = 0  # how often it was to be sent: each time is a delivery of its own
    delivery: int | None = Field(default=None, foreign_key="outbox.id")  # the last; none: it has not left the desk
    way: str | None = None  # by which it was given to Telegram, or is being given just now
    refusals: Json = Field(default_factory=dict, sa_type=JSON)  # way → why it did not take this answer
    message: int | None = Field(default=None, foreign_key="messages.id", ondelete="CASCADE", index=True)
    chat_id: int | None = Field(default=None, sa_type=TelegramId)  # the screen that shows how it stands
    screen_id: int | None = None


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


async def of_message(session: AsyncSession, message: int) -> Reply | None:
    """The answer that became this message, where one did."""
    return (await session.exec(select(Reply).where(col(Reply.message) == message))).first()


async def purge(session: AsyncSession, *, before: datetime) -> None:
    """Drop what was written before this moment and is no message, unless it is still on its way."""
    on_its_way = select(Delivery.id).where(col(Delivery.state).in_([outbox.DUE, outbox.SENDING]))
    old = and_(col(Reply.written_at) < before, col(Reply.message).is_(None))
    left = or_(col(Reply.delivery).is_(None), col(Reply.delivery).not_in(on_its_way))
    await session.exec(delete(Reply).where(old, left))


def _settled() -> ColumnElement[bool]:
    return and_(col(Reply.delivery).is_not(None), col(Delivery.state) == outbox.SENT)
