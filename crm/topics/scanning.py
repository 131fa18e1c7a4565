"""What concerns a group of the team: whose topics are made, held, or have something to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, false, true
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.access import Room
from storage import masks
from storage import topics as stored
from storage.contacts import MUTE, Contact
from storage.conversations import Conversation
from storage.messages import Message
from storage.tags import ContactTag, ConversationTag
from storage.team_groups import Scope, TeamGroup
from storage.topics import Topic

SWARM, A_WHILE = 5, timedelta(minutes=1)  # newcomers in so long who get a topic at once; the others wait to be taken
LOOKED_AT = 2000  # message rows at a time


async def scan(room: Room, chat_id: int) -> None:
    """Note what was mirrored since the last look: contacts of the group get a topic, topics something to tell.

    A topic is made for a contact's own word alone, and of many newcomers at once only for the first; the others are
    held until somebody takes them.
    """
    async with room.reading() as session:
        group = await session.get(TeamGroup, chat_id)
        newest = (await session.exec(select(func.max(Message.id)))).one() or 0
    if group is None or newest <= group.scanned:
        return
    async with room.transaction() as session:
        group = await session.get_one(TeamGroup, chat_id)
        upto = min(newest, group.scanned + LOOKED_AT)
        fresh = await _fresh(session, group, upto)
        await _note(room, session, group, fresh)
        group.scanned = upto
        session.add(group)
    if upto < newest:
        await scan(room, chat_id)


async def _fresh(session: AsyncSession, group: TeamGroup, upto: int) -> dict[int, list[Message]]:
    """What was said with each contact that concerns the group since it is the team's; of a long past, nothing."""
    whose = func.coalesce(col(Contact.merged_into), col(Contact.id))
    since = group.bound_at.replace(microsecond=0)
    query = (
        select(whose, Message)
        .select_from(Message)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .join(Contact, col(Contact.id) == col(Conversation.contact_id))
        .where(col(Message.id) > group.scanned, col(Message.id) <= upto, col(Message.sent_at) >= since)
        .where(col(Message.peer_id) > 0, col(Message.kind) != "service", _concerns(group))
        .where(or_(col(Contact.aside).is_(None), col(Contact.aside).not_in(MUTE)))
        .order_by(col(Message.id))
    )
    found: dict[int, list[Message]] = {}
    for contact_id, message in await session.exec(query):
        found.setdefault(contact_id, []).append(message)
    return found


def _concerns(group: TeamGroup) -> ColumnElement[bool]:
    """Whether a contact, or its conversation, is one of those that come there."""
    match group.scope:
        case Scope.ALL:
            return true()
        case Scope.ACCOUNT:
            return col(Conversation.account_id) == group.scope_id
        case Scope.STAGE:
            return col(Contact.stage_id) == group.scope_id
        case Scope.TAG:
            on_contact = and_(col(ContactTag.contact_id) == col(Contact.id), col(ContactTag.tag_id) == group.scope_id)
            there = (col(ConversationTag.conversation_id), col(Conversation.id))
            on_thread = and_(there[0] == there[1], col(ConversationTag.tag_id) == group.scope_id)
            return or_(select(ContactTag).where(on_contact).exists(), select(ConversationTag).where(on_thread).exists())
        case _:
            return false()


async def _note(room: Room, session: AsyncSession, group: TeamGroup, fresh: Mapping[int, Sequence[Message]]) -> None:
    now = room.installation.clock.now()
    known = await stored.of_contact(session, group.chat_id, list(fresh))
    made = await stored.made_since(session, group.chat_id, now - A_WHILE)
    for contact_id, messages in fresh.items():
        topic = known.get(contact_id)
        if topic is None:
            if all(message.outgoing for message in messages):
                continue
            topic = Topic(chat_id=group.chat_id, contact_id=contact_id, made_at=now, held=made >= SWARM, heard_at=now)
            made += 1
        if topic.untold_from is None:
            topic.untold_from, topic.untold_at = messages[0].id, now
        topic.heard_at = now
        session.add(topic)


async def newcomers(room: Room, chat_id: int) -> list[Contact]:
    """Who is held because too many came at once, the longest first."""
    async with room.reading() as session:
        group = await session.get_one(TeamGroup, chat_id)
        masks.wear(session, room.mask_in_common(group.language))
        held = await stored.held(session, chat_id)
        found = {
            one.id: one
            for one in await session.exec(select(Contact).where(col(Contact.id).in_([t.contact_id for t in held])))
        }
    return [found[one.contact_id] for one in held if one.contact_id in found]
