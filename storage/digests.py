"""Digests: who wants to be told each morning what waits, and what has come in since a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.messages import Message


class Digest(VaultTable, table=True):
    """A member's wish, with the day for which he was told last."""

    __tablename__ = "digests"

    person_id: int = Field(sa_type=TelegramId, primary_key=True)
    at: int  # minutes after midnight, on the workspace's clock
    weekends: bool = True
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class News:
    """How much came in."""

    messages: int
    contacts: int


async def of(session: AsyncSession, person_id: int) -> Digest | None:
    """A member's own; None where he wants none."""
    return await session.get(Digest, person_id)


async def wanted(session: AsyncSession, day: date, minute: int) -> Sequence[Digest]:
    """Whom it is time to tell by this minute of a day, and who was not told for that day."""
    told = col(Digest.told_on)
    return (await session.exec(select(Digest).where(col(Digest.at) <= minute, told.is_(None) | (told < day)))).all()


async def news(session: AsyncSession, since: datetime) -> News:
    """What clients have written since then, and who had not spoken with us before."""
    written = (
        sql_select(func.count())
        .select_from(Message)
        .where(col(Message.sent_at) >= since, col(Message.outgoing).is_(False), col(Message.peer_id) > 0)
        .scalar_subquery()
    )
    first = (
        sql_select(func.min(Conversation.first_message_at).label("at"))
        .join(Contact, col(Conversation.contact_id) == col(Contact.id))
        .where(col(Contact.telegram_id) > 0)
        .group_by(col(Conversation.contact_id))
        .subquery()
    )
    come = sql_select(func.count()).select_from(first).where(first.c.at >= since).scalar_subquery()
    return News(*(await (await session.connection()).execute(sql_select(written, come))).one())


async def forget(session: AsyncSession, person_id: int) -> None:
    """Tell him nothing in the morning any more."""
    row = await of(session, person_id)
    if row is not None:
        await session.delete(row)
