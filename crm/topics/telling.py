"""What is to be told in a topic, and what became of telling it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import people
from crm.access import Room
from crm.notices import tell_owner
from crm.team_groups import FULL
from storage import conversations, masks, media, replies
from storage import topics as stored
from storage.accounts import Account
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.media import Media
from storage.messages import Message
from storage.team_groups import TeamGroup
from storage.topics import Post, PostMessage, Topic

TOGETHER, AT_ONCE = 60, 2000  # messages, and characters of them, that one post may tell at the most
MANY = 800_000  # messages of a group; at a million Telegram begins to put its oldest topics away
NOTHING_LEFT = {"untold_from": None, "untold_at": None}


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be told in one topic: messages of one contact, in their order."""

    group: TeamGroup
    topic: Topic
    contact: Contact
    messages: Sequence[Message]
    files: Mapping[int, Media]  # by message row
    writers: Mapping[int, str]  # by message row: who wrote what the contact did not
    answered: Mapping[int, Message]  # by message row: what it is a reply to
    answers_post: int | None = None  # where that is one message alone: the message at Telegram which shows it
    again: bool = False  # it may stand there already: nobody knows


async def untold(room: Room, chat_id: int, *, alone: int) -> Told | None:
    """What waits longest to be told: all that waits with one contact, or its first message.

    `alone` is how many messages may be told each for itself: where more wait, they are told together. An album, and a
    message with a file, stand alone all the same: Telegram shows each file in a message of its own.
    """
    while True:
        async with room.reading() as session:
            topic = await stored.untold(session, chat_id)
            if topic is None:
                return None
            group = await session.get_one(TeamGroup, chat_id)
            masks.wear(session, room.mask_in_common(group.language))
            waiting = await _waiting(session, group, topic)
            if waiting:
                together = len(waiting) + await stored.waiting(session, chat_id) - 1 > alone
                return await _told(room, session, topic, waiting, together=together)
        async with room.transaction() as session:
            await stored.change(session, Topic, topic.id, untold_from=None, untold_at=None)


async def _waiting(session: AsyncSession, group: TeamGroup, topic: Topic) -> list[Message]:
    query = (
        select(Message)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(col(Conversation.contact_id).in_(conversations.whose(topic.contact_id)))
        .where(col(Message.id) >= topic.untold_from, col(Message.id) <= group.scanned)
        .where(col(Message.sent_at) >= group.bound_at.replace(microsecond=0), col(Message.kind) != "service")
        .order_by(col(Message.id))
        .limit(TOGETHER)
    )
    rows = (await session.exec(query)).all()
    there = await stored.written_there(session, topic.id or 0, [one.id or 0 for one in rows])
    return [one for one in rows if one.id not in there]


async def _told(room: Room, session: AsyncSession, topic: Topic, waiting: Sequence[Message], *, together: bool) -> Told:
    files = await media.of_messages(session, [row.id or 0 for row in waiting])
    first = waiting[0]
    if first.album_id is not None:
        chosen = list(takewhile(lambda one: one.album_id == first.album_id, waiting))
    elif first.id in files or not together:
        chosen = [first]
    else:
        lengths = accumulate(len(one.text) for one in waiting)
        short = [one for one, length in zip(waiting, lengths, strict=True) if length <= AT_ONCE] or [first]
        chosen = list(takewhile(lambda one: one.id not in files and one.album_id is None, short))
    return await _described(room, session, topic, chosen, files)


async def _described(
    room: Room, session: AsyncSession, topic: Topic, messages: Sequence[Message], files: Mapping[int, Media]
) -> Told:
    group = await session.get_one(TeamGroup, topic.chat_id)
    contact = await session.get_one(Contact, topic.contact_id)
    answered: dict[int, Message] = {}
    for one in messages:
        if one.reply_to_id is not None:
            here = (col(Message.conversation_id) == one.conversation_id, col(Message.message_id) == one.reply_to_id)
            found = (await session.exec(select(Message).where(*here))).first()
            answered |= {one.id or 0: found} if found is not None else {}
    numbers = [one.id or 0 for one in messages]
    unsure = (
        select(Post.id)
        .join(PostMessage, col(PostMessage.post_id) == col(Post.id))
        .where(col(Post.topic_id) == topic.id, col(Post.state) == stored.UNCERTAIN)
        .where(col(PostMessage.message).in_(numbers))
    )
    post = None
    if len(messages) == 1 and numbers[0] in answered:
        post = await stored.post_of(session, topic.id or 0, answered[numbers[0]].id or 0)
    return Told(
        group,
        topic,
        contact,
        messages,
        {number: file for number, file in files.items() if number in numbers},
        await _writers(room, session, messages),
        answered,
        post.message_id if post is not None else None,
        (await session.exec(unsure.limit(1))).first() is not None,
    )


async def _writers(room: Room, session: AsyncSession, messages: Sequence[Message]) -> dict[int, str]:
    """Who wrote what the contact did not: a member where it was an answer from the desk, else the account."""
    writers: dict[int, str] = {}
    for one in messages:
        if one.outgoing:
            reply = await replies.of_message(session, one.id or 0)
            account = await session.get_one(Account, one.account_id)
            author = (await people.names(room.installation, [reply.author_id]))[reply.author_id] if reply else None
            writers[one.id or 0] = author or account.name
    return writers


async def begin(room: Room, told: Told) -> int:
    """Write down what is about to be told, so that a crash leaves no doubt of what. Gives the post's number."""
    now = room.installation.clock.now()
    async with room.transaction() as session:
        topic = told.topic
        post = Post(topic_id=topic.id or 0, chat_id=topic.chat_id, state=stored.SENDING, posted_at=now)
        session.add(post)
        await session.flush()
        session.add_all(PostMessage(post_id=post.id or 0, message=one.id or 0) for one in told.messages)
        following = (told.messages[-1].id or 0) + 1
        group = await session.get_one(TeamGroup, topic.chat_id)
        rest = await _waiting(session, group, Topic.model_validate({**topic.model_dump(), "untold_from": following}))
        facts = {"untold_from": rest[0].id, "untold_at": topic.untold_at} if rest else NOTHING_LEFT
        await stored.change(session, Topic, topic.id, **facts)
        return post.id or 0


async def posted(room: Room, post_id: int, told: Told, message_ids: Sequence[int]) -> None:
    """It stands there; an album as several messages, each of which shows its own."""
    async with room.transaction() as session:
        first = await session.get_one(Post, post_id)
        first.message_id, first.state = message_ids[0], stored.STANDS
        session.add(first)
        for message_id, message in list(zip(message_ids, told.messages, strict=False))[1:]:
            await session.delete(await session.get_one(PostMessage, (post_id, message.id)))
            facts = first.model_dump(include={"topic_id", "chat_id", "posted_at"})
            more = Post(**facts, message_id=message_id)
            session.add(more)
            await session.flush()
            session.add(PostMessage(post_id=more.id or 0, message=message.id or 0))
        if message_ids[-1] >= MANY:
            await tell_owner(room, session, FULL, told.group.chat_id, group=told.group.chat_id, title=told.group.title)


async def not_posted(room: Room, post_id: int, told: Told, *, uncertain: bool = False) -> None:
    """It did not get there, or nobody knows: it waits to be told again."""
    async with room.transaction() as session:
        post = await session.get_one(Post, post_id)
        if uncertain:
            post.state = stored.UNCERTAIN
            session.add(post)
        else:
            await session.delete(post)
        since = told.topic.untold_at or room.installation.clock.now()
        await stored.change(session, Topic, told.topic.id, untold_from=told.messages[0].id, untold_at=since)


async def recover(room: Room) -> None:
    """After a crash: what was being told may stand there or not, so it is told again, and marked so."""
    async with room.reading() as session:
        lost = (await session.exec(select(Post).where(col(Post.state) == stored.SENDING))).all()
    for post in lost:
        async with room.transaction() as session:
            shown = await stored.shown_in(session, post.id or 0)
            topic = await session.get_one(Topic, post.topic_id)
            await stored.change(session, Post, post.id, state=stored.UNCERTAIN)
            if shown:
                first = min(shown[0].id or 0, topic.untold_from or shown[0].id or 0)
                since = topic.untold_at or room.installation.clock.now()
                await stored.change(session, Topic, topic.id, untold_from=first, untold_at=since)


async def dirty(room: Room, chat_id: int) -> tuple[Post, Told] | None:
    """A post whose messages have changed since it was drawn."""
    while True:
        async with room.reading() as session:
            post = await stored.dirty(session, chat_id)
            if post is None:
                return None
            group = await session.get_one(TeamGroup, chat_id)
            masks.wear(session, room.mask_in_common(group.language))
            messages = await stored.shown_in(session, post.id or 0)
            topic = await session.get_one(Topic, post.topic_id)
            if messages:
                files = await media.of_messages(session, [one.id or 0 for one in messages])
                return post, await _described(room, session, topic, messages, files)
        await redrawn(room, post.id)


async def redrawn(room: Room, post_id: int | None, *, gone: bool = False) -> None:
    """It shows its messages as they are, or is there no more."""
    async with room.transaction() as session:
        facts = {"dirty": False, **({"state": stored.GONE} if gone else {})}
        await stored.change(session, Post, post_id, **facts)
