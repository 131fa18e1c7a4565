"""How topics look, and the group around them: names, cards, and the board of who waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select

from crm import people, queues
from crm.access import Room
from crm.queues import Status
from storage import conversations, masks, tags
from storage import queues as storage_queues
from storage import topics as stored
from storage.accounts import Account
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.queues import Queue
from storage.stages import Stage
from storage.tags import Tag
from storage.team_groups import TeamGroup
from storage.topics import Topic

ON_BOARD = 15
FACES = 60  # topics whose names and cards are kept true, of those that were heard last


@dataclass(frozen=True, slots=True)
class Face:
    """What a topic's name and card are to show."""

    topic: Topic
    contact: Contact
    threads: Sequence[tuple[Conversation, Account]]
    tags: Sequence[Tag]
    stage: Stage | None
    assignee: str | None

    @property
    def conversation(self) -> Conversation:
        """The liveliest."""
        return self.threads[0][0]

    @property
    def status(self) -> Status:
        """What waits on any account comes first."""
        stands = [queues.status(thread) for thread, _account in self.threads]
        return next((one for one in Status if one in stands), Status.OPEN)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first of those who wait for an answer, how many there are, and the names of who is to answer."""

    rows: Sequence[tuple[Contact, Conversation]]
    count: int
    names: Mapping[int, str]


async def opened(room: Room, topic_id: int | None, thread_id: int, name: str) -> None:
    """Its thread stands at Telegram now."""
    async with room.transaction() as session:
        facts = {"thread_id": thread_id, "name": name, "closed": False, "card_id": None, "card_drawn": None}
        await stored.change(session, Topic, topic_id, **facts)


async def lost(room: Room, topic_id: int | None) -> None:
    """Its thread was deleted at Telegram: what stood there is gone, and it is opened again when it is needed."""
    async with room.transaction() as session:
        facts = {"thread_id": None, "name": None, "card_id": None, "card_drawn": None, "closed": False}
        await stored.change(session, Topic, topic_id, **facts)


async def faces(room: Room, chat_id: int) -> list[Face]:
    """What the names and cards of the topics that were heard last are to show."""
    async with room.reading() as session:
        group = await session.get_one(TeamGroup, chat_id)
        masks.wear(session, room.mask_in_common(group.language))
        recent = await stored.recent(session, chat_id, FACES)
        numbers = [one.contact_id for one in recent]
        contacts = {one.id: one for one in await session.exec(select(Contact).where(col(Contact.id).in_(numbers)))}
        labels = await tags.on_contacts(session, numbers)
        stages = {one.id: one for one in await session.exec(select(Stage))}
        threads = {number: await conversations.of_contact(session, number) for number in numbers}
    asked = {thread.assignee_id for pairs in threads.values() for thread, _account in pairs if thread.assignee_id}
    names = await people.names(room.installation, asked) if asked else {}
    return [
        Face(
            topic,
            contacts[topic.contact_id],
            threads[topic.contact_id],
            labels.get(topic.contact_id, []),
            stages.get(contacts[topic.contact_id].stage_id),
            next((names[one.assignee_id] for one, _ in threads[topic.contact_id] if one.assignee_id), None),
        )
        for topic in recent
        if threads[topic.contact_id]
    ]


async def old(room: Room, chat_id: int) -> Topic | None:
    """The topic that was heard of longest ago, where the group is to remove old ones and it may be one."""
    async with room.reading() as session:
        group = await session.get_one(TeamGroup, chat_id)
        before = room.installation.clock.now() - timedelta(days=group.prune_after or 0)
        here = (col(Topic.chat_id) == chat_id, col(Topic.thread_id).is_not(None), col(Topic.heard_at) < before)
        query = select(Topic).where(*here).order_by(col(Topic.heard_at)).limit(FACES)
        if group.prune_after is None:
            return None
        for topic in await session.exec(query):
            threads = await conversations.of_contact(session, topic.contact_id)
            if threads and all(one.closed_at is not None and one.closed_at < before for one, _account in threads):
                return topic
    return None


async def kept(room: Room, chat_id: int) -> None:
    """The bot may delete nothing there, so old topics stay."""
    await changed(room, chat_id, prune_after=None)


async def named(room: Room, topic_id: int | None, name: str) -> None:
    """Its name stands at Telegram."""
    async with room.transaction() as session:
        await stored.change(session, Topic, topic_id, name=name)


async def shut(room: Room, topic_id: int | None, *, closed: bool) -> None:
    """It is closed, or open again, at Telegram."""
    async with room.transaction() as session:
        await stored.change(session, Topic, topic_id, closed=closed)


async def carded(room: Room, topic_id: int | None, card_id: int | None, drawn: str | None) -> None:
    """Its card stands at Telegram, and says this."""
    async with room.transaction() as session:
        await stored.change(session, Topic, topic_id, card_id=card_id, card_drawn=drawn)


async def waiting(room: Room, language: str) -> Waiting:
    """Who waits for an answer, the longest first, for a group that is spoken to in this language."""
    async with room.reading() as session:
        masks.wear(session, room.mask_in_common(language))
        rows = await storage_queues.page(session, Queue.WAITING, 0, offset=0, limit=ON_BOARD)
        count = (await storage_queues.counted(session, 0))[Queue.WAITING]
    asked = {thread.assignee_id for _contact, thread in rows if thread.assignee_id}
    return Waiting(rows, count, await people.names(room.installation, asked) if asked else {})


async def changed(room: Room, chat_id: int, **facts: object) -> None:
    """Write down what stands in the group itself: its rules, its board, its list of newcomers."""
    async with room.transaction() as session:
        group = await session.get(TeamGroup, chat_id)
        if group is not None:
            session.add(group.sqlmodel_update(dict(facts)))
