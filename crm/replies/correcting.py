"""An answer that has gone gets other words, where Telegram lets the bot change what it said for the account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, mirror
from crm.access import Desk, Room
from crm.replies.delivery import peer_of
from crm.replies.ways import Way
from crm.replies.words import LONGEST, LONGEST_CAPTION, Words, proper
from crm.seen import Seen, Source
from storage import replies as stored
from storage.accounts import BusinessConnection
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.messages import Message
from storage.outbox import Delivery
from storage.replies import Reply

KIND = "correction"  # what the outbox calls it


@dataclass(frozen=True, slots=True)
class Correction:
    """Other words for one message that the bot has sent on behalf of an account."""

    reply: Reply
    message: Message
    contact: Contact
    connection_id: str


def may_be(reply: Reply) -> bool:
    """Whether it has gone by the way that lets it be changed."""
    return reply.message is not None and reply.way == Way.BUSINESS


async def ask(desk: Desk, reply_id: int, words: Words) -> None:
    """Let other words go in the place of those that went; they stand in the answer until they are there.

    Raises Invalid (empty, too_long).
    """
    async with desk.transaction() as session:
        reply = await session.get_one(Reply, reply_id)
        message = await session.get_one(Message, reply.message)
        is_text = message.kind == "text"
        said = proper(words, longest=LONGEST if is_text else LONGEST_CAPTION, needed=is_text)
        reply.text, reply.entities = said.text, said.entities
        now = desk.installation.clock.now()
        delivery = Delivery(
            key=f"{KIND}:{reply.id}:{now.isoformat()}",
            chat_id=message.peer_id,
            what=KIND,
            facts={"workspace": desk.workspace.id, "reply": reply.id},
            due_at=now,
        )
        session.add_all([reply, delivery])
        audit.record(desk, session, "reply.corrected", f"reply:{reply_id}")


async def order(room: Room, reply_id: int) -> Correction | None:
    """What is to be changed, and how; None where nothing leads there any more."""
    async with room.reading() as session:
        reply = await session.get(Reply, reply_id)
        message = await session.get(Message, reply.message) if reply is not None else None
        if reply is None or message is None:
            return None
        conversation = await session.get_one(Conversation, message.conversation_id)
        contact = await session.get_one(Contact, conversation.contact_id)
        connection = await session.get(BusinessConnection, message.account_id)
    return Correction(reply, message, contact, connection.connection_id) if connection is not None else None


async def done(session: AsyncSession, one: Correction, at: datetime) -> None:
    """The client sees them: what was said before is an earlier version."""
    message = one.message
    seen = Seen(
        source=Source.BUSINESS,
        account_id=message.account_id,
        peer=peer_of(one.contact),
        message_id=message.message_id,
        sender_id=message.sender_id,
        outgoing=True,
        sent_at=message.sent_at,
        edited_at=at,
        kind=message.kind,
        text=one.reply.text,
        entities=one.reply.entities,
        reply_to_id=message.reply_to_id,
        by_bot=True,
    )
    await mirror.record(session, [seen], heard_at=at)
    await stored.change(session, one.reply.id, text="", entities=[])
