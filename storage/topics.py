"""A contact's thread in a group of the team, and which messages of the vault each of its posts shows.

A topic is drawn from the vault. What it lacks is found there, not in a queue: so nothing is told twice or forgotten,
and what mirrors a message pays nothing for the groups.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, func, text, update
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable
from storage.messages import Message
from storage.replies import Reply

STANDS, SENDING, UNCERTAIN, GONE = "stands", "sending", "uncertain", "gone"  # how a post stands


class Topic(VaultTable, table=True):
    """One contact in one group of the team."""

    __tablename__ = "topics"
    __table_args__ = (
        UniqueConstraint("chat_id", "contact_id"),
        Index("ix_topics_chat_id_thread_id", "chat_id", "thread_id"),
        Index("ix_topics_untold", "chat_id", "untold_at", sqlite_where=text("untold_at IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_type=TelegramId, foreign_key="team_groups.chat_id", ondelete="CASCADE")
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE", index=True)
    made_at: datetime
    thread_id: int | None = None  # at Telegram; none: not opened yet, or deleted there
    held: bool = False  # one of too many newcomers at once: opened when somebody takes it
    name: str | None = None  # as it stands at Telegram
    closed: bool = False  # so it stands at Telegram
    card_id: int | None = None  # the pinned message that says who it is, and what it says
    card_drawn: str | None = None
    untold_from: int | None = None  # the first message row that was not told yet
    untold_at: datetime | None = None  # since when it waits for that
    heard_at: datetime  # when something was last said there


class Post(VaultTable, table=True):
    """One message at Telegram in a topic: what the bot shows of a conversation, or what a member wrote there."""

    __tablename__ = "posts"
    __table_args__ = (Index("ix_posts_dirty", "topic_id", sqlite_where=text("dirty")),)

    id: int | None = Field(default=None, primary_key=True)
    topic_id: int = Field(foreign_key="topics.id", ondelete="CASCADE", index=True)
    chat_id: int = Field(sa_type=TelegramId)
    message_id: int | None = Field(default=None, index=True)  # none: it is being sent
    state: str = STANDS
    posted_at: datetime
    dirty: bool = False  # what it shows has changed since
    person_id: int | None = Field(default=None, sa_type=TelegramId)  # the member who wrote it
    reply_id: int | None = Field(default=None, foreign_key="replies.id", ondelete="SET NULL", index=True)
    note_id: int | None = Field(default=None, foreign_key="notes.id", ondelete="SET NULL")


class PostMessage(VaultTable, table=True):
    """A message of the vault that a post shows."""

    __tablename__ = "post_messages"

    post_id: int = Field(foreign_key="posts.id", ondelete="CASCADE", primary_key=True)
    message: int = Field(foreign_key="messages.id", ondelete="CASCADE", primary_key=True, index=True)


async def of_contact(session: AsyncSession, chat_id: int, contact_ids: Sequence[int]) -> dict[int, Topic]:
    """The topics of these contacts in a group, by contact."""
    here = (col(Topic.chat_id) == chat_id, col(Topic.contact_id).in_(contact_ids))
    return {row.contact_id: row for row in await session.exec(select(Topic).where(*here))}


async def behind(session: AsyncSession, chat_id: int, thread_id: int) -> Topic | None:
    """The topic behind a thread of a group."""
    here = (col(Topic.chat_id) == chat_id, col(Topic.thread_id) == thread_id)
    return (await session.exec(select(Topic).where(*here))).first()


async def untold(session: AsyncSession, chat_id: int) -> Topic | None:
    """The one in which something waits longest to be told."""
    here = (col(Topic.chat_id) == chat_id, col(Topic.untold_at).is_not(None), col(Topic.held).is_(False))
    return (await session.exec(select(Topic).where(*here).order_by(col(Topic.untold_at)).limit(1))).first()


async def waiting(session: AsyncSession, chat_id: int) -> int:
    """In how many something is to be told."""
    here = (col(Topic.chat_id) == chat_id, col(Topic.untold_at).is_not(None), col(Topic.held).is_(False))
    return (await session.exec(select(func.count()).select_from(Topic).where(*here))).one()


async def recent(session: AsyncSession, chat_id: int, limit: int) -> Sequence[Topic]:
    """Those that are open at Telegram, the last that was heard first."""
    here = (col(Topic.chat_id) == chat_id, col(Topic.thread_id).is_not(None))
    return (await session.exec(select(Topic).where(*here).order_by(col(Topic.heard_at).desc()).limit(limit))).all()


async def made_since(session: AsyncSession, chat_id: int, since: datetime) -> int:
    """How many were made since this moment, those held among them."""
    here = (col(Topic.chat_id) == chat_id, col(Topic.made_at) > since, col(Topic.held).is_(False))
    return (await session.exec(select(func.count()).select_from(Topic).where(*here))).one()


async def held(session: AsyncSession, chat_id: int) -> Sequence[Topic]:
    """Those that wait for somebody to take them, the longest first."""
    here = (col(Topic.chat_id) == chat_id, col(Topic.held))
    return (await session.exec(select(Topic).where(*here).order_by(col(Topic.made_at)))).all()


async def post_at(session: AsyncSession, chat_id: int, message_id: int) -> Post | None:
    """The post behind a message of a group."""
    here = (col(Post.chat_id) == chat_id, col(Post.message_id) == message_id)
    return (await session.exec(select(Post).where(*here))).first()


async def shown_in(session: AsyncSession, post_id: int) -> Sequence[Message]:
    """The messages that a post shows, in their order."""
    query = select(Message).join(PostMessage, col(PostMessage.message) == col(Message.id))
    return (await session.exec(query.where(col(PostMessage.post_id) == post_id).order_by(col(Message.id)))).all()


async def post_of(session: AsyncSession, topic_id: int, message: int) -> Post | None:
    """The newest post in a topic that shows a message."""
    query = select(Post).join(PostMessage, col(PostMessage.post_id) == col(Post.id))
    here = (col(Post.topic_id) == topic_id, col(PostMessage.message) == message, col(Post.state) == STANDS)
    return (await session.exec(query.where(*here).order_by(col(Post.id).desc()).limit(1))).first()


async def dirty(session: AsyncSession, chat_id: int) -> Post | None:
    """A post whose messages have changed since it was drawn, the oldest first."""
    here = (col(Post.chat_id) == chat_id, col(Post.dirty), col(Post.state) == STANDS)
    return (await session.exec(select(Post).where(*here).order_by(col(Post.id)).limit(1))).first()


async def redraw_all(session: AsyncSession) -> None:
    """Let every post of messages be drawn anew."""
    shows = select(PostMessage.post_id)
    await session.exec(update(Post).where(col(Post.id).in_(shows), col(Post.state) == STANDS).values(dirty=True))


async def change(session: AsyncSession, table: type[Topic] | type[Post], number: int | None, **facts: Any) -> None:
    """Write these columns alone: others may be changing the rest."""
    await session.exec(update(table).where(col(table.id) == number).values(facts))


async def has_answered(session: AsyncSession, topic_id: int, person_id: int) -> bool:
    """Whether an answer that this member wrote there has left, or is to."""
    here = (col(Post.topic_id) == topic_id, col(Post.person_id) == person_id)
    query = select(Post.id).join(Reply, col(Reply.id) == col(Post.reply_id)).where(*here, col(Reply.asked) > 0)
    return (await session.exec(query.limit(1))).first() is not None


async def of_reply(session: AsyncSession, reply_id: int) -> Post | None:
    """The message in a topic that an answer was written as."""
    return (await session.exec(select(Post).where(col(Post.reply_id) == reply_id))).first()


async def written_there(session: AsyncSession, topic_id: int, messages: Sequence[int]) -> set[int]:
    """Which of these messages are answers that stand in the topic already, as their writers wrote them there."""
    query = select(Reply.message).join(Post, col(Post.reply_id) == col(Reply.id))
    here = (col(Post.topic_id) == topic_id, col(Reply.message).in_(messages))
    return {number for number in await session.exec(query.where(*here)) if number is not None}


async def cut_off(session: AsyncSession) -> int:
    """What was being posted when the program ended: nobody knows whether it stands. Returns how many."""
    done = await session.exec(update(Post).where(col(Post.state) == SENDING).values(state=UNCERTAIN))
    return done.rowcount
