"""How an answer gets into the outbox, whoever lets it go: a member now, or its time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from crm.access import Room
from crm.errors import NotNow
from storage import replies
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.outbox import Delivery
from storage.replies import Reply

HOUR = timedelta(hours=1)
FIRST_WORDS = 5  # people who have never written, that a member may begin to write to in an hour
KIND = "reply"  # what the outbox calls it


async def ask(room: Room, session: AsyncSession, reply: Reply, now: datetime) -> None:
    """Put an answer into the outbox: a delivery of its own for each time that it is asked for.

    Raises NotNow("first_words") where its author writes to too many who have never written.
    """
    conversation = await session.get_one(Conversation, reply.conversation_id)
    if conversation.last_inbound_at is None:
        others = await replies.first_words(session, reply.author_id, conversation.id or 0, since=now - HOUR)
        if others >= FIRST_WORDS:
            raise NotNow("first_words")
    contact = await session.get_one(Contact, conversation.contact_id)
    made = Delivery(
        key=f"{KIND}:{reply.id}:{reply.asked + 1}",
        chat_id=contact.telegram_id,
        what=KIND,
        facts={"workspace": room.workspace.id, "reply": reply.id},
        due_at=now,
    )
    session.add(made)
    await session.flush()
    reply.asked, reply.delivery, reply.leaves_at = reply.asked + 1, made.id, None
    reply.way, reply.refusals = None, {}
    session.add(reply)
