"""How an answer gets into the outbox, whoever lets it go: a member now, or its time."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from crm.access import Room
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.outbox import Delivery
from storage.replies import Reply

KIND = "reply"  # what the outbox calls it


async def ask(room: Room, session: AsyncSession, reply: Reply, now: datetime) -> None:
    """Put an answer into the outbox: a delivery of its own for each time that it is asked for."""
    conversation = await session.get_one(Conversation, reply.conversation_id)
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
