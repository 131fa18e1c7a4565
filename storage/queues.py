"""Queues: conversations by what is to be done about them."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, func
from sqlalchemy import select as sql_select
from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.contacts import Contact
from storage.conversations import Conversation


class Queue(StrEnum):
    """What can be asked for; short, since buttons carry them."""

    WAITING = "waiting"  # for an answer of ours, the longest first
    MINE = "mine"  # that a member is to answer
    FREE = "free"  # waiting, and nobody's
    ASLEEP = "asleep"  # put off, the next to wake first
    ALL = "all"  # that are not closed
    CLOSED = "closed"


WAITS = col(Conversation.waiting_since).is_not(None)
ORDER: dict[Queue, Sequence[Any]] = {
    Queue.WAITING: (col(Conversation.waiting_since),),
    Queue.MINE: (col(Conversation.waiting_since).is_(None), col(Conversation.waiting_since)),
    Queue.FREE: (col(Conversation.waiting_since),),
    Queue.ASLEEP: (col(Conversation.asleep_until),),
    Queue.ALL: (col(Conversation.last_message_at).desc(),),
    Queue.CLOSED: (col(Conversation.closed_at).desc(),),
}


def standing_in(queue: Queue, person_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """What stands in a queue, for this member."""
    return {
        Queue.WAITING: WAITS,
        Queue.MINE: and_(col(Conversation.assignee_id) == person_id, col(Conversation.closed_at).is_(None)),
        Queue.FREE: and_(WAITS, col(Conversation.assignee_id).is_(None)),
        Queue.ASLEEP: col(Conversation.asleep_until).is_not(None),
        Queue.ALL: col(Conversation.closed_at).is_(None),
        Queue.CLOSED: col(Conversation.closed_at).is_not(None),
    }[queue]


PERSON: BindParameter[int] = bindparam("person")
COUNTED = sql_select(
    *(
        sql_select(func.count()).select_from(Conversation).where(standing_in(queue, PERSON)).scalar_subquery()
        for queue in Queue
    )
)


async def counted(session: AsyncSession, person_id: int) -> dict[Queue, int]:
    """How many stand in each, in one look."""
    row = (await (await session.connection()).execute(COUNTED, {"person": person_id})).one()
    return dict(zip(Queue, row, strict=True))


async def page(
    session: AsyncSession, queue: Queue, person_id: int, *, offset: int, limit: int
) -> Sequence[tuple[Contact, Conversation]]:
    """Some of those who stand there, in the order in which they are to be looked at."""
    window = {"person": person_id, "offset": offset, "limit": limit}
    rows: Sequence[tuple[Contact, Conversation]] = (await session.exec(_page(queue), params=window)).all()
    return rows


@cache
def _page(queue: Queue) -> Any:
    """Put together once: that takes longer than to ask."""
    return (
        select(Contact, Conversation)
        .join(Conversation, col(Conversation.contact_id) == col(Contact.id))
        .where(standing_in(queue, PERSON))
        .order_by(*ORDER[queue], col(Conversation.last_message_at).desc(), col(Conversation.id))
        .offset(bindparam("offset"))
        .limit(bindparam("limit"))
    )
