"""What members write in a topic: answers to the client, or notes for the team; which it is follows from the group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, notes, people, replies
from crm.access import Desk, Power, contact_for, reply_for
from crm.errors import NotFound
from crm.note_files import Taken
from crm.replies import correcting, leaving
from crm.replies.words import Words
from crm.seen import File
from storage import conversations, outbox, topics
from storage import replies as stored_replies
from storage.contacts import Contact
from storage.messages import Message
from storage.notes import Note
from storage.replies import Reply
from storage.team_groups import TeamGroup
from storage.topics import Post, Topic

BESIDE = timedelta(minutes=5)  # within which two members write to one client


@dataclass(frozen=True, slots=True)
class Meant:
    """What a message in a topic means."""

    topic: Topic
    contact: Contact
    conversation_id: int
    reply_to: int | None  # a message id of that conversation
    to_client: bool
    is_first: bool  # that this member writes to this client from here: he is to see what will be sent
    beside: str | None  # another member, who wrote to this client a moment ago

    @property
    def waits(self) -> bool:
        """Whether it goes only when its writer has looked at it once more."""
        return self.is_first or self.beside is not None


async def meant(desk: Desk, chat_id: int, thread_id: int, replied: int | None) -> Meant | None:
    """What is meant by a message there that replies to another one, or to none; None outside of a client's topic."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        group = await session.get(TeamGroup, chat_id)
        topic = await topics.behind(session, chat_id, thread_id)
        if group is None or topic is None:
            return None
        contact = await contact_for(desk, session, topic.contact_id)
        answered = await _answered(session, chat_id, replied) if replied is not None else []
        threads = await conversations.of_contact(session, contact.id or 0)
        if not threads:
            return None
        here = answered[-1].conversation_id if answered else threads[0][0].id or 0
        other = await _beside(desk, session, here)
        first = not await topics.has_answered(session, topic.id or 0, desk.person.id)
    name = (await people.names(desk.installation, [other]))[other] if other is not None else None
    alone = answered[0].message_id if len(answered) == 1 else None
    return Meant(topic, contact, here, alone, bool(answered) != group.turned, first, name)


async def _answered(session: AsyncSession, chat_id: int, replied: int) -> list[Message]:
    """The messages that the replied one shows, or what became of the answer that a member wrote there."""
    post = await topics.post_at(session, chat_id, replied)
    if post is None:
        return []
    shown = list(await topics.shown_in(session, post.id or 0))
    reply = await session.get(Reply, post.reply_id) if post.reply_id is not None else None
    sent = await session.get(Message, reply.message) if reply is not None and reply.message is not None else None
    return shown or ([sent] if sent is not None else [])


async def _beside(desk: Desk, session: AsyncSession, conversation_id: int) -> int | None:
    since = desk.installation.clock.now() - BESIDE
    query = select(Reply.author_id).where(
        col(Reply.conversation_id) == conversation_id,
        col(Reply.author_id) != desk.person.id,
        col(Reply.written_at) > since,
    )
    return (await session.exec(query.order_by(col(Reply.id).desc()).limit(1))).first()


async def answer(desk: Desk, meaning: Meant, message_id: int, words: Words, file: File | None) -> Reply:
    """Write an answer down that stands in the topic; it leaves at once unless its writer is to look at it first.

    Raises as `crm.replies.answer`, NotNow("first_words").
    """

    async def with_it(session: AsyncSession, reply: Reply) -> None:
        session.add(_post(desk, meaning, message_id, reply_id=reply.id))
        if not meaning.waits:
            await leaving.ask(desk, session, reply, desk.installation.clock.now())
            audit.record(desk, session, "reply.sent", f"reply:{reply.id}")

    to = meaning.reply_to
    return await replies.answer(desk, meaning.conversation_id, words, to, file=file, with_it=with_it)


async def note(desk: Desk, meaning: Meant, message_id: int, text: str, file: Taken | None) -> Note:
    """Keep it as a note of the team. Raises as `crm.notes.write`."""

    async def with_it(session: AsyncSession, written: Note) -> None:
        session.add(_post(desk, meaning, message_id, note_id=written.id))

    return await notes.write(desk, meaning.contact.id or 0, text, file, with_it=with_it)


def _post(
    desk: Desk, meaning: Meant, message_id: int, *, reply_id: int | None = None, note_id: int | None = None
) -> Post:
    return Post(
        topic_id=meaning.topic.id or 0,
        chat_id=meaning.topic.chat_id,
        message_id=message_id,
        posted_at=desk.installation.clock.now(),
        person_id=desk.person.id,
        reply_id=reply_id,
        note_id=note_id,
    )


async def note_instead(desk: Desk, reply_id: int) -> None:
    """It was meant for the team: the answer that waits becomes a note. Raises NotFound where it has gone."""
    async with desk.reading() as session:
        reply = await reply_for(desk, session, reply_id)
        post = await topics.of_reply(session, reply_id)
        topic = await session.get(Topic, post.topic_id) if post is not None else None
    if reply.delivery is not None or topic is None or post is None or reply.author_id != desk.person.id:
        raise NotFound("reply")

    async def with_it(session: AsyncSession, written: Note) -> None:
        await topics.change(session, Post, post.id, reply_id=None, note_id=written.id)
        gone = await session.get(Reply, reply_id)
        if gone is not None:
            await session.delete(gone)

    await notes.write(desk, topic.contact_id, reply.text, with_it=with_it)


async def edited(desk: Desk, chat_id: int, message_id: int, words: Words) -> str | None:
    """A member has changed what he wrote: "note" or "answer" where that is taken over, "sent" where it cannot be.

    None where it was neither. Raises as `crm.notes.rewrite`, `crm.replies.rewrite` and `crm.replies.correcting.ask`.
    """
    async with desk.reading() as session:
        post = await topics.post_at(session, chat_id, message_id)
        reply = await session.get(Reply, post.reply_id) if post is not None and post.reply_id is not None else None
        delivery = await stored_replies.state(session, reply) if reply is not None else None
    if post is None or post.person_id != desk.person.id:
        return None
    if post.note_id is not None:
        await notes.rewrite(desk, post.note_id, words.text)
        return "note"
    if reply is None:
        return None
    if correcting.may_be(reply):
        await correcting.ask(desk, reply.id or 0, words)
        return "answer"
    if delivery is not None and delivery.state != outbox.REFUSED:
        return "sent"
    await replies.rewrite(desk, reply.id or 0, words)
    return "answer"


async def take_newcomer(desk: Desk, chat_id: int, contact_id: int) -> None:
    """Open a topic for one of those who are held because too many came at once. Raises NotFound."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        topic = (await topics.of_contact(session, chat_id, [contact_id])).get(contact_id)
        if topic is None:
            raise NotFound("contact")
        await topics.change(session, Topic, topic.id, held=False)
        audit.record(desk, session, "topic.taken", f"contact:{contact_id}")
